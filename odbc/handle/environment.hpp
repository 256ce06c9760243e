#pragma once
// The environment: ODBC version and the connections made in it.

#include <memory>
#include <vector>

#include "odbc/handle/handle.hpp"

namespace irislink::odbc {

class connection;

class environment final : public handle, public in_handle_memory<environment> {
public:
    static constexpr handle_tag kind = handle_tag::environment;

    environment();
    ~environment();

    [[nodiscard]] SQLRETURN set_attribute(SQLINTEGER attribute, SQLPOINTER value);
    [[nodiscard]] SQLINTEGER attribute(SQLINTEGER attribute) const;
    // Commits or rolls back every connection; SQL_ERROR when one of them could not.
    [[nodiscard]] SQLRETURN end_transactions(bool commit);

    [[nodiscard]] connection& add_connection();
    void remove(const connection& gone);

    // Set before there are connections, and not changed since: they ask from any thread.
    [[nodiscard]] bool speaks_odbc2() const noexcept { return version_ == SQL_OV_ODBC2; }

    [[nodiscard]] bool has_connections() const noexcept { return !connections_.empty(); }

private:
    SQLINTEGER version_{0}; // of the program, by SQL_ATTR_ODBC_VERSION
    SQLINTEGER pooling_{SQL_CP_OFF};
    SQLINTEGER pool_match_{SQL_CP_STRICT_MATCH};
    std::vector<std::unique_ptr<connection>> connections_;
};

} // namespace irislink::odbc
