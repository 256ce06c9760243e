#pragma once
// The driver's module called directly, without a driver manager that checks and locks before it.

#include <dlfcn.h>

#include <type_traits>

#include "tests/integration/odbc/odbc_fixture.hpp"

namespace irislink::test {

// The module opened for itself, functions by name.
class module {
public:
    module() :handle_(dlopen(IRISLINK_ODBC_DRIVER, RTLD_NOW | RTLD_LOCAL)) { EXPECT_NE(handle_, nullptr) << dlerror(); }

    ~module() {
        if (handle_ != nullptr) dlclose(handle_);
    }

    module(const module&) = delete;
    module& operator=(const module&) = delete;

    // Calls with the function's own type, so that every argument has its width.
    template <class... P, class... A> SQLRETURN operator()(const char* name, SQLRETURN (*)(P...), A... arguments) const {
        auto* const found = reinterpret_cast<SQLRETURN (*)(P...)>(dlsym(handle_, name));
        EXPECT_NE(found, nullptr) << name;
        return found == nullptr ? SQLRETURN{SQL_INVALID_HANDLE} : found(static_cast<P>(arguments)...);
    }

    // The same with a zero or a null for every argument but the first.
    template <class First, class... P> SQLRETURN zeros(const char* name, SQLRETURN (*)(First, P...), std::type_identity_t<First> first) const {
        auto* const found = reinterpret_cast<SQLRETURN (*)(First, P...)>(dlsym(handle_, name));
        EXPECT_NE(found, nullptr) << name;
        return found == nullptr ? SQLRETURN{SQL_INVALID_HANDLE} : found(first, P{}...);
    }

    template <class Function> [[nodiscard]] Function find(const char* name) const { return reinterpret_cast<Function>(dlsym(handle_, name)); }

private:
    void* handle_;
};

#define IN_DRIVER(function, ...) driver(#function, &function, __VA_ARGS__)
#define ZEROS(function, first) driver.zeros(#function, &function, first)

// A connection made by the module itself.
class OdbcInside : public OdbcHandles {
protected:
    void SetUp() override {
        ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_ENV, nullptr, &inner_environment_), SQL_SUCCESS);
        ASSERT_EQ(IN_DRIVER(SQLSetEnvAttr, inner_environment_, SQL_ATTR_ODBC_VERSION, reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3), 0), SQL_SUCCESS);
        ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_DBC, inner_environment_, &inner_connection_), SQL_SUCCESS);
    }

    void TearDown() override {
        IN_DRIVER(SQLDisconnect, inner_connection_);
        EXPECT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_DBC, inner_connection_), SQL_SUCCESS);
        EXPECT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_ENV, inner_environment_), SQL_SUCCESS);
    }

    void connect_inside(const std::string& target) {
        SQLSMALLINT length = 0;
        ASSERT_EQ(IN_DRIVER(SQLDriverConnect, inner_connection_, nullptr, text(target), SQL_NTS, nullptr, 0, &length, SQL_DRIVER_NOPROMPT), SQL_SUCCESS);
        ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_STMT, inner_connection_, &inner_statement_), SQL_SUCCESS);
    }

    const module driver;
    SQLHANDLE inner_environment_{nullptr};
    SQLHANDLE inner_connection_{nullptr};
    SQLHANDLE inner_statement_{nullptr};
};

} // namespace irislink::test
