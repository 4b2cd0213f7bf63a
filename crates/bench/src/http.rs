//! The least client that can time questions over HTTP/1.1: one kept connection, question after question.

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
    let mut connection = Connection::new(TcpStream::connect(address).await?)?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: application/json\r\n\r\n");
    let mut times = Vec::with_capacity(rounds);
    for round in 0..=rounds {
        let begin = Instant::now();
        let answer = connection.ask(request.as_bytes(), b"").await?;
        if answer.status != 200 {
            return Err(wrong(format!("the server answered {}", answer.status)));
        }
        if round > 0 {
            times.push(begin.elapsed());
        }
    }
    Ok(times)
}

/// What the server answered.
#[derive(Debug, Default)]
pub struct Answer {
    pub status: u16,
    pub location: Option<String>,
    pub cookies: Vec<String>,
    pub body: String,
}

/// A kept connection.
pub struct Connection(BufStream<TcpStream>);

impl Connection {
    /// # Errors
    /// The socket refuses an option.
    pub fn new(stream: TcpStream) -> Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Self(BufStream::with_capacity(1 << 16, 1 << 12, stream)))
    }

    /// Sends a request and reads its answer to the last byte.
    ///
    /// # Errors
    /// The connection ends, or the answer has neither a length nor chunks.
    pub async fn ask(&mut self, head: &[u8], body: &[u8]) -> Result<Answer> {
        self.0.write_all(head).await?;
        self.0.write_all(body).await?;
        self.0.flush().await?;
        let (mut answer, length) = self.head().await?;
        let mut bytes = Vec::new();
        match length {
            Some(length) => self.body(length, &mut bytes).await?,
            None => while self.chunk(&mut bytes).await? {},
        }
        answer.body = String::from_utf8_lossy(&bytes).into_owned();
        Ok(answer)
    }

    /// Sends a request whose answer does not end, and reads its head.
    ///
    /// # Errors
    /// The answer is not 200 in chunks.
    pub async fn follow(&mut self, head: &[u8]) -> Result<()> {
        self.0.write_all(head).await?;
        self.0.flush().await?;
        match self.head().await? {
            (Answer { status: 200, .. }, None) => Ok(()),
            (answer, _) => Err(wrong(format!("the server answered {}", answer.status))),
        }
    }

    /// The next piece of an answer in chunks; false after the last one.
    ///
    /// # Errors
    /// The connection ends.
    pub async fn chunk(&mut self, out: &mut Vec<u8>) -> Result<bool> {
        let size = self.line().await?;
        let size = usize::from_str_radix(size.split(';').next().unwrap_or_default(), 16).map_err(|e| wrong(e.to_string()))?;
        self.body(size + 2, out).await?;
        out.truncate(out.len() - 2);
        Ok(size > 0)
    }

    async fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.0.read_line(&mut line).await? == 0 {
            return Err(wrong("the server closed the connection"));
        }
        Ok(line.trim_end().to_owned())
    }

    /// Status and headers, and the body's length where it is told.
    async fn head(&mut self) -> Result<(Answer, Option<usize>)> {
        let status = self.line().await?;
        let number = status.strip_prefix("HTTP/1.1 ").and_then(|s| s.get(..3)?.parse().ok());
        let mut answer = Answer { status: number.ok_or_else(|| wrong(format!("the server answered {status}")))?, ..Answer::default() };
        let (mut length, mut chunked) = (None, false);
        loop {
            let header = self.line().await?;
            if header.is_empty() {
                break;
            }
            let Some((name, value)) = header.split_once(':') else { continue };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = Some(value.parse::<usize>().map_err(|e| wrong(e.to_string()))?),
                "transfer-encoding" => chunked |= value.eq_ignore_ascii_case("chunked"),
                "location" => answer.location = Some(value.to_owned()),
                "set-cookie" => answer.cookies.push(value.to_owned()),
                _ => {}
            }
        }
        match (length, chunked) {
            (_, true) => Ok((answer, None)),
            (Some(n), false) => Ok((answer, Some(n))),
            (None, false) => Err(wrong("an answer without a length")),
        }
    }

    async fn body(&mut self, rest: usize, out: &mut Vec<u8>) -> Result<()> {
        let from = out.len();
        out.resize(from + rest, 0);
        self.0.read_exact(&mut out[from..]).await?;
        Ok(())
    }
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
                "HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n",
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
