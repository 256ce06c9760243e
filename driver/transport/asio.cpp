// The one translation unit that holds Asio itself.
#include <boost/asio/impl/src.hpp>
