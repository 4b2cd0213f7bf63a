//! Faces: thin adapters that speak somebody else's format or protocol over our records. A face owns no data and no rule.
//!
//! - [`tabular`]: the one shape in which every source of records arrives, and the one shape of a fault in it
//! - [`xes`]: event logs, IEEE 1849 XES, read and written
//! - [`csv_table`], [`xlsx_table`]: tables in CSV and in Excel workbooks
//! - [`mapping`]: the file that says how a source's names and values become a register's fields
//! - [`csv_export`]: what is seen on a page, as CSV for a spreadsheet
//! - [`vietqr`]: the text of a bank transfer's QR code; [`qr`]: a QR code as an image
//!
//! Everything streams (of a workbook, the packed file itself is held): memory does not grow with the size of a file, and every bound is a named constant.

pub mod csv_export;
pub mod csv_table;
mod input;
pub mod mapping;
pub mod qr;
pub mod tabular;
pub mod vietqr;
mod when;
pub mod xes;
pub mod xlsx_table;
