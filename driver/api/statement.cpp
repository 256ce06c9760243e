#include "irislink/statement.hpp"

#include <charconv>

#include "driver/api/encode.hpp"

namespace irislink {

using driver::execution;

namespace {

driver::session& require(const std::shared_ptr<driver::session>& session) {
    if (!session)
        throw error(diagnostic{errc::out_of_sequence, "HY010", 0, step::statement, "The statement is not prepared", "Use connection::prepare().", false, 0});
    return *session;
}

} // namespace

result statement::query_values(std::span<const value> parameters) {
    auto& session = require(session_);
    const auto sql = driver::scan_statement(sql_);
    driver::require_kind(sql, true);
    auto done = session.run<execution>(session.execute(sql, driver::encode(parameters, session.format()), true, 0), step::statement);
    return {session_, std::move(done.rows)};
}

execute_result statement::execute_values(std::span<const value> parameters, bool generated_keys) {
    auto& session = require(session_);
    const auto sql = driver::scan_statement(sql_);
    driver::require_kind(sql, false);
    return driver::single_outcome(
        session.run<execution>(session.execute(sql, driver::encode(parameters, session.format()), true, 0, generated_keys), step::statement)
    );
}

std::optional<std::int64_t> execute_result::generated_key() const {
    if (generated_keys.empty()) return std::nullopt;
    const auto& key = generated_keys.front();
    if (const auto* const number = std::get_if<std::int64_t>(&key)) return *number;
    const auto* const text = std::get_if<std::string>(&key);
    if (text == nullptr) return std::nullopt;
    std::int64_t out = 0;
    const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), out);
    if (failed != std::errc{} || end != text->data() + text->size()) return std::nullopt;
    return out;
}

} // namespace irislink
