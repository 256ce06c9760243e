#include <algorithm>
#include <array>

#include "samples/sandbox/sql/parser.hpp"
#include "samples/sandbox/sql/sql_error.hpp"

namespace irislink::sandbox::sql {
namespace {

template <class To, class From> To widen(From&& from) {
    return std::visit([](auto&& body) { return To(std::forward<decltype(body)>(body)); }, std::forward<From>(from));
}

} // namespace

statement parser::parse_statement() {
    using body = decltype(statement::body);
    statement out;
    if (current().kind == token_kind::end) fail(51, "SQL statement expected");
    if (starts_query()) {
        out.body = parse_query();
    } else if (accept_word("INSERT")) {
        out.body = insert();
    } else if (accept_word("UPDATE")) {
        out.body = update();
    } else if (is_word("DELETE") || is_word("TRUNCATE")) {
        out.body = delete_();
    } else if (accept_word("CREATE")) {
        out.body = widen<body>(create());
    } else if (accept_word("DROP")) {
        out.body = drop();
    } else if (accept_word("ALTER")) {
        if (accept_word("USER")) {
            out.body = alter_user_();
        } else {
            out.body = alter();
        }
    } else if (is_word("START") || is_word("BEGIN") || is_word("%BEGTRANS")) {
        out.body = start();
    } else if (accept_word("COMMIT")) {
        accept_word("WORK");
        out.body = transaction_statement{transaction_statement::form::commit, {}, 0};
    } else if (accept_word("ROLLBACK")) {
        out.body = rollback();
    } else if (accept_word("SAVEPOINT")) {
        if (!is_name()) fail(301, "Savepoint name missing");
        out.body = transaction_statement{transaction_statement::form::savepoint, name("savepoint name"), 0};
    } else if (accept_word("SET")) {
        out.body = widen<body>(set());
    } else if (accept_word("CALL")) {
        out.body = call_();
    } else if (accept_word("RETURN")) {
        out.body = current().kind == token_kind::end ? assign_variable{} : assignment_({});
    } else if (accept_word("USE")) {
        accept_word("DATABASE");
        out.body = session_statement{"USE " + name("namespace")};
    } else if (accept_word("TUNE") || accept_word("LOCK") || accept_word("UNLOCK")) {
        while (current().kind != token_kind::end) ++at_;
        out.body = session_statement{"TUNE"};
    } else {
        const auto& t = current();
        fail(1, (t.kind == token_kind::identifier ? t.upper : "'" + t.text + "'") + " statements are not supported by the sandbox");
    }
    accept_symbol(";");
    if (current().kind != token_kind::end) fail(25, "Input (" + current().text + ") encountered after end of query");
    out.parameters = parameters_;
    return out;
}

insert_statement parser::insert() {
    insert_statement out;
    if (accept_word("OR")) {
        expect_word("UPDATE");
        out.or_update = true;
    }
    skip_set_keywords();
    accept_word("INTO");
    out.table = qualified_name("table name");
    if (accept_word("DEFAULT")) {
        expect_word("VALUES");
        out.default_values = true;
        return out;
    }
    if (is_symbol("(") && !starts_query()) out.columns = name_list();
    if (accept_word("SET")) {
        auto values = std::make_unique<query>();
        auto& row = values->cores.emplace_back().values.emplace_back();
        do {
            out.columns.push_back(name("column name"));
            expect_symbol("=");
            row.push_back(new_value());
        } while (accept_symbol(","));
        out.source = std::move(values);
        return out;
    }
    if (accept_word("VALUES")) {
        out.source = std::make_unique<query>();
        out.source->cores.emplace_back().values = value_rows(true);
        return out;
    }
    if (!starts_query()) unexpected("VALUES or SELECT");
    out.source = parse_query();
    return out;
}

// What a column is given: an expression, or DEFAULT.
expression_ptr parser::new_value() {
    if (!is_word("DEFAULT")) return expression_();
    auto node = make(expression_kind::default_value);
    ++at_;
    return node;
}

update_statement parser::update() {
    update_statement out;
    skip_set_keywords();
    out.table = qualified_name("table name");
    if (accept_word("AS") || (is_name() && !is_word("SET"))) out.alias = name("alias");
    expect_word("SET");
    do {
        assignment each;
        each.column = name("column name");
        while (accept_symbol(".")) each.column = name("column name");
        expect_symbol("=");
        each.value = new_value();
        out.assignments.push_back(std::move(each));
    } while (accept_symbol(","));
    if (accept_word("FROM")) out.from = from_clause();
    if (accept_word("WHERE")) out.where = expression_();
    return out;
}

delete_statement parser::delete_() {
    delete_statement out;
    if (accept_word("TRUNCATE")) {
        expect_word("TABLE");
        skip_set_keywords();
        out.table = qualified_name("table name");
        out.truncate = true;
        return out;
    }
    expect_word("DELETE");
    skip_set_keywords();
    accept_word("FROM");
    out.table = qualified_name("table name");
    if (accept_word("AS") || is_name()) out.alias = name("alias");
    if (accept_word("WHERE")) out.where = expression_();
    return out;
}

// What is wrong here is said without a word of the statement, which holds a password.
alter_user parser::alter_user_() {
    alter_user out;
    out.user = name("user name");
    if (!accept_word("IDENTIFY") && !accept_word("IDENTIFIED")) fail(1, "IDENTIFY BY expected after the user name");
    if (!accept_word("BY")) fail(1, "BY expected after IDENTIFY");
    const auto& t = current();
    if (t.kind == token_kind::parameter) {
        out.parameter = t.number;
        parameters_ = std::max(parameters_, t.number);
    } else if (t.kind == token_kind::string || t.kind == token_kind::number || t.kind == token_kind::identifier) {
        out.password = t.text;
    } else {
        fail(1, "a password expected after IDENTIFY BY: a string, a number, an identifier or a parameter");
    }
    ++at_;
    accept_symbol(";");
    if (current().kind != token_kind::end) fail(25, "Input encountered after the password");
    if (out.parameter > 1) fail(1, "ALTER USER takes one parameter");
    return out;
}

transaction_statement parser::start() {
    transaction_statement out;
    const bool begin = is_word("BEGIN");
    ++at_;
    if (!accept_word("TRANSACTION") && !begin) unexpected("TRANSACTION");
    accept_word("WORK");
    while (current().kind == token_kind::identifier || is_symbol(",")) ++at_;
    return out;
}

transaction_statement parser::rollback() {
    transaction_statement out;
    out.kind = transaction_statement::form::rollback;
    accept_word("WORK");
    if (accept_word("TO")) {
        accept_word("SAVEPOINT");
        out.kind = transaction_statement::form::rollback_to;
        if (!is_name()) fail(301, "Savepoint name missing");
        out.name = name("savepoint name");
    } else if (accept_word("SAVEPOINT")) {
        out.kind = transaction_statement::form::rollback_to;
        out.name = is_name() ? name("savepoint name") : std::string{};
    }
    return out;
}

std::variant<transaction_statement, session_statement, assign_variable> parser::set() {
    if (accept_word("TRANSACTION")) {
        transaction_statement out;
        out.kind = transaction_statement::form::isolation;
        while (accept_symbol(",") || current().kind == token_kind::identifier) {
            if (is_symbol(",")) continue;
            if (accept_word("ISOLATION")) {
                expect_word("LEVEL");
                expect_word("READ");
                if (accept_word("UNCOMMITTED")) {
                    out.level = 1;
                } else if (accept_word("COMMITTED")) {
                    out.level = 2;
                } else {
                    expect_word("VERIFIED");
                    out.level = 32;
                }
            } else {
                ++at_; // %COMMITMODE, READ WRITE
            }
        }
        return out;
    }
    const bool variable = current().kind == token_kind::variable || (is_name() && !is_word("OPTION"));
    if (variable && is_symbol("=", 1)) {
        auto target = tokens_[at_++].text;
        expect_symbol("=");
        return assignment_(std::move(target));
    }
    if (!accept_word("OPTION")) fail(1, "SET " + current().upper + " is not supported by the sandbox");
    static constexpr std::array known{
        "AUTO_PARALLEL_THRESHOLD",       "COMPILEMODE", "DEFAULT_SCHEMA", "EXACT_DISTINCT", "LOCK_ESCALATION_THRESHOLD", "LOCK_TIMEOUT", "PKEY_IS_IDKEY",
        "SUPPORT_DELIMITED_IDENTIFIERS", "SELECTMODE"};
    const auto option = current().upper;
    bool found = false;
    for (const auto* const word : known) found = found || option == word;
    if (!found) fail(129, "Illegal value for SET OPTION locale property: " + current().text);
    while (current().kind != token_kind::end && !is_symbol(";")) ++at_;
    return session_statement{"SET OPTION " + option};
}

} // namespace irislink::sandbox::sql
