#pragma once
// Runs SQL on the engine and shows what came out as text, so that cases fit a table.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "samples/sandbox/sql/engine.hpp"
#include "wire/codec/coerce.hpp"

namespace irislink::sandbox::sql::test {

inline std::string show(const cell& in) {
    switch (in.kind) {
    case cell_kind::null: return "NULL";
    case cell_kind::integer: return std::to_string(in.integer);
    case cell_kind::fixed: return wire::to_text(in.dec);
    case cell_kind::bytes: return "x" + std::string(in.text);
    case cell_kind::text: return "'" + std::string(in.text) + "'";
    case cell_kind::real: break;
    }
    std::string out;
    wire::append_text(out, in.real);
    return out + "d";
}

struct sql_case {
    std::string sql;
    std::string expected;
};

class sql_fixture : public ::testing::Test {
protected:
    // "a,b|c,d" for two rows; "error 30" for a failure; "n rows" for an update.
    static std::string run(session& on, const std::string& sql, std::vector<sql_value> values = {}) {
        try {
            const auto statement = on.prepare(sql);
            if (statement->kind() != statement_kind::query) {
                std::optional<sql_error> failure;
                const auto counts = on.execute(*statement, 1, values, failure);
                if (failure) {
                    last_message = failure->message;
                    return "error " + std::to_string(failure->code);
                }
                return std::to_string(counts.at(0)) + " rows";
            }
            auto rows = on.open(*statement, values);
            std::string out;
            while (rows->next()) {
                if (!out.empty()) out += "|";
                for (std::size_t i = 0; i < rows->columns(); ++i) out += (i > 0 ? "," : "") + show(rows->get(i));
            }
            return out;
        } catch (const sql_error& error) {
            last_message = error.message;
            return "error " + std::to_string(error.code);
        }
    }

    std::string run(const std::string& sql, std::vector<sql_value> values = {}) { return run(own, sql, std::move(values)); }

    void check(const std::vector<sql_case>& cases, const std::vector<sql_value>& values = {}) {
        for (const auto& each : cases) {
            last_message.clear();
            EXPECT_EQ(run(each.sql, values), each.expected) << each.sql << "\n" << last_message;
        }
    }

    static inline std::string last_message;
    database shared{database::options{}};
    session own{shared, "demo", "USER"};
};

} // namespace irislink::sandbox::sql::test
