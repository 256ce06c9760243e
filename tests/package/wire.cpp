// The protocol core alone, from the installed package.
#include "wire/messages/hello.hpp"
#include "wire/messages/registry.hpp"

int main() {
    return irislink::wire::find_message(irislink::wire::hello_request::code) != nullptr ? 0 : 1;
}
