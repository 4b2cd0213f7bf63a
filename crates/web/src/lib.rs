//! Console (officers): pages, charts, translations and assets. A page is a view model filled by a handler and a template
//! that only lays it out: no template asks the database, none contains text outside the translation files.

pub mod assets;
pub mod chart;
pub mod i18n;
pub mod view;
