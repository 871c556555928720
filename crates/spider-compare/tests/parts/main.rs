//! Tests of parts of the library, through their public interface. The others are beside the code that they test.

mod charset;
mod file_name;
mod page;
mod site;
mod trace;
