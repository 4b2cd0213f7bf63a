//! The least client that can time a question over HTTP/1.1: one kept connection, GET after GET.

use std::time::{Duration, Instant};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream},
    net::TcpStream,
};

use crate::{Fault, Result};

fn wrong(text: impl Into<String>) -> Fault {
    Fault::Wrong(text.into())
}

/// Times `rounds` GETs of `path` from `address` (host:port), each until the last byte of the body; the first is not counted.
///
/// # Errors
/// The answer is not 200, or has neither a length nor chunks.
pub async fn times(address: &str, path: &str, rounds: usize) -> Result<Vec<Duration>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut stream = BufStream::with_capacity(1 << 16, 1 << 12, stream);
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: application/json\r\n\r\n");
    let mut times = Vec::with_capacity(rounds);
    for round in 0..=rounds {
        let begin = Instant::now();
        stream.write_all(request.as_bytes()).await?;
        stream.flush().await?;
        answer(&mut stream).await?;
        if round > 0 {
            times.push(begin.elapsed());
        }
    }
    Ok(times)
}

async fn line(stream: &mut BufStream<TcpStream>) -> Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Err(wrong("the server closed the connection"));
    }
    Ok(line.trim_end().to_owned())
}

async fn answer(stream: &mut BufStream<TcpStream>) -> Result<()> {
    let status = line(stream).await?;
    if !status.starts_with("HTTP/1.1 200") {
        return Err(wrong(format!("the server answered {status}")));
    }
    let (mut length, mut chunked) = (None, false);
    loop {
        let header = line(stream).await?.to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(text) = header.strip_prefix("content-length:") {
            length = Some(text.trim().parse::<usize>().map_err(|e| wrong(e.to_string()))?);
        }
        chunked |= header.starts_with("transfer-encoding:") && header.contains("chunked");
    }
    if chunked {
        loop {
            let size = line(stream).await?;
            let size = usize::from_str_radix(size.split(';').next().unwrap_or_default(), 16).map_err(|e| wrong(e.to_string()))?;
            body(stream, size + 2).await?;
            if size == 0 {
                return Ok(());
            }
        }
    }
    body(stream, length.ok_or_else(|| wrong("an answer without a length"))?).await
}

async fn body(stream: &mut BufStream<TcpStream>, mut rest: usize) -> Result<()> {
    let mut buffer = [0; 16_384];
    while rest > 0 {
        let part = rest.min(buffer.len());
        stream.read_exact(&mut buffer[..part]).await?;
        rest -= part;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two answers on one connection, one with a length and one in chunks, are both read to their ends.
    #[tokio::test]
    async fn both_forms_of_body_are_read() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move {
            let (mut s, _) = listener.accept().await.unwrap();
            for reply in [
                "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
                "HTTP/1.1 500 No\r\n\r\n",
            ] {
                let mut seen = Vec::new();
                while !seen.ends_with(b"\r\n\r\n") {
                    seen.push(s.read_u8().await.unwrap());
                }
                s.write_all(reply.as_bytes()).await.unwrap();
            }
        });
        let err = times(&address, "/", 2).await.unwrap_err();
        assert!(err.to_string().contains("500"), "two good answers, then the third is refused: {err}");
    }
}
