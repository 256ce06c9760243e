#pragma once
// A prepared statement. Functions come in two forms, as those of connection do (irislink/connection.hpp).

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "irislink/parameters.hpp"
#include "irislink/result.hpp"

namespace irislink {

// Made by connection::prepare(); kept by the connection's cache while it is used. One thread at a time.
class statement {
public:
    statement() = default; // to be assigned to

    // Values take the place of ? marks.
    template <class... T> [[nodiscard]] result query(T&&... parameters) {
        return detail::with_values([this](std::span<const value> values) { return query_values(values); }, std::forward<T>(parameters)...);
    }

    template <class... T> execute_result execute(T&&... parameters) {
        return detail::with_values([this](std::span<const value> values) { return execute_values(values); }, std::forward<T>(parameters)...);
    }

    template <class... T> execute_result execute(with_generated_keys_t, T&&... parameters) {
        return detail::with_values([this](std::span<const value> values) { return execute_values(values, true); }, std::forward<T>(parameters)...);
    }

    [[nodiscard]] result query_values(std::span<const value> parameters);
    execute_result execute_values(std::span<const value> parameters, bool generated_keys = false);

    [[nodiscard]] std::size_t parameter_count() const noexcept { return parameters_; }

    [[nodiscard]] const std::vector<column>& columns() const noexcept { return columns_; }

    [[nodiscard]] const std::string& text() const noexcept { return sql_; }

private:
    friend class connection;
    std::shared_ptr<driver::session> session_;
    std::string sql_;
    std::size_t parameters_{0};
    std::vector<column> columns_;
};

} // namespace irislink
