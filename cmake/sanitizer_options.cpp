// Linked into programs of a build with AddressSanitizer that load modules.

// The run-time of g++ 12 guesses where the thread-local memory of a loaded module begins from what lies before it, and
// guesses wrong where that memory begins 16 bytes into a page: its search for leaks then reads at an address that is none.
extern "C" __attribute__((visibility("default"))) const char* __asan_default_options() { // NOLINT(bugprone-reserved-identifier)
    return "intercept_tls_get_addr=0";
}
