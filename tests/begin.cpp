// What all tests include first is compiled with this file, once for all of them.
