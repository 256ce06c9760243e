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
    if (accept_word("AS")) {
        out.alias = name("alias");
    } else if (is_name() && !is_word("SET")) {
        out.alias = name("alias");
    }
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
    if (accept_word("AS")) {
        out.alias = name("alias");
    } else if (is_name()) {
        out.alias = name("alias");
    }
    if (accept_word("WHERE")) out.where = expression_();
    return out;
}

std::variant<create_table, create_index, create_view, session_statement> parser::create() {
    if (accept_word("SCHEMA")) {
        if (accept_word("IF")) {
            expect_word("NOT");
            expect_word("EXISTS");
        }
        return session_statement{"CREATE SCHEMA " + name("schema name")};
    }
    bool replace = false;
    if (is_word("OR") && is_word("REPLACE", 1)) {
        at_ += 2;
        replace = true;
    }
    if (accept_word("VIEW")) {
        create_view out;
        out.or_replace = replace;
        out.view = qualified_name("view name");
        if (is_symbol("(")) out.columns = name_list();
        expect_word("AS");
        const auto first = current().position;
        out.body = parse_query();
        out.text = std::string(sql_.substr(first, current().position - first));
        if (parameters_ != 0) fail(148, "Host variables are not allowed in a view");
        if (accept_word("WITH")) fail(1, "WITH CHECK OPTION is not supported by the sandbox");
        return out;
    }
    const bool global = is_word("GLOBAL") && is_word("TEMPORARY", 1);
    if (global) at_ += 2;
    if (accept_word("TABLE")) return table_definition();
    create_index out;
    for (const auto* const kind : {"BITMAP", "BITMAPEXTENT", "BITSLICE", "COLUMNAR"}) accept_word(kind);
    out.unique = accept_word("UNIQUE");
    if (!accept_word("INDEX")) fail(1, "CREATE " + current().upper + " is not supported by the sandbox");
    if (accept_word("IF")) {
        expect_word("NOT");
        expect_word("EXISTS");
        out.if_not_exists = true;
    }
    out.name = name("index name");
    expect_word("ON");
    accept_word("TABLE");
    out.table = qualified_name("table name");
    expect_symbol("(");
    do {
        out.columns.push_back(name("column name"));
        if (!accept_word("ASC")) accept_word("DESC");
    } while (accept_symbol(","));
    expect_symbol(")");
    return out;
}

create_table parser::table_definition() {
    create_table out;
    if (accept_word("IF")) {
        expect_word("NOT");
        expect_word("EXISTS");
        out.if_not_exists = true;
    }
    out.table = qualified_name("table name");
    expect_symbol("(");
    do {
        static constexpr std::array starts{"CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK"};
        bool is_constraint = false;
        for (const auto* const word : starts) is_constraint = is_constraint || is_word(word);
        if (is_constraint) {
            out.constraints.push_back(constraint());
        } else if (current().kind == token_kind::identifier && current().upper.starts_with("%")) {
            while (!is_symbol(",") && !is_symbol(")") && current().kind != token_kind::end) ++at_;
        } else {
            out.columns.push_back(column());
        }
    } while (accept_symbol(","));
    expect_symbol(")");
    // Storage options after the column list describe where rows lie, not what they are.
    if (accept_word("WITH")) {
        while (current().kind != token_kind::end && !is_symbol(";")) ++at_;
    }
    return out;
}

column_definition parser::column() {
    column_definition out;
    out.name = name("column name");
    if (is_word("IDENTITY") || is_word("AUTO_INCREMENT")) {
        ++at_;
        out.identity = true;
        out.type = {type_code::bigint, 19, 0};
    } else {
        out.identity = is_word("SERIAL");
        out.row_version = is_word("ROWVERSION");
        out.type = type();
    }
    while (true) {
        if (accept_word("NOT")) {
            expect_word("NULL");
            out.not_null = true;
        } else if (accept_word("NULL")) {
            out.not_null = false;
        } else if (accept_word("DEFAULT")) {
            out.default_value = additive();
        } else if (accept_word("UNIQUE")) {
            out.unique = true;
        } else if (accept_word("PRIMARY")) {
            expect_word("KEY");
            out.primary_key = true;
        } else if (accept_word("IDENTITY") || accept_word("AUTO_INCREMENT")) {
            out.identity = true;
            if (accept_symbol("(")) {
                while (!accept_symbol(")")) {
                    if (current().kind == token_kind::end) unexpected(")");
                    ++at_;
                }
            }
        } else if (accept_word("CHECK")) {
            expect_symbol("(");
            out.check = expression_();
            expect_symbol(")");
        } else if (accept_word("REFERENCES")) {
            out.references = qualified_name("table name");
            if (is_symbol("(")) {
                const auto columns = name_list();
                if (columns.size() != 1) fail(1, "A column reference names one column");
                out.references_column = columns[0];
            }
            out.on_delete = referential_action();
        } else if (accept_word("COLLATE")) {
            out.collation = to_upper(tokens_[at_++].text);
        } else if (accept_word("CONSTRAINT")) {
            (void)name("constraint name");
        } else if (accept_word("%DESCRIPTION")) {
            ++at_;
        } else {
            return out;
        }
    }
}

std::string parser::referential_action() {
    std::string out;
    while (accept_word("ON")) {
        const bool on_delete = accept_word("DELETE");
        if (!on_delete) expect_word("UPDATE");
        std::string action;
        if (accept_word("NO")) {
            expect_word("ACTION");
            action = "NO ACTION";
        } else if (accept_word("SET")) {
            action = accept_word("NULL") ? "SET NULL" : "SET DEFAULT";
            if (action == "SET DEFAULT") expect_word("DEFAULT");
        } else {
            expect_word("CASCADE");
            action = "CASCADE";
        }
        if (on_delete) out = action;
    }
    return out;
}

table_constraint parser::constraint() {
    table_constraint out;
    if (accept_word("CONSTRAINT")) out.name = name("constraint name");
    if (accept_word("PRIMARY")) {
        expect_word("KEY");
        out.kind = table_constraint::form::primary_key;
        out.columns = name_list();
    } else if (accept_word("UNIQUE")) {
        out.kind = table_constraint::form::unique;
        out.columns = name_list();
    } else if (accept_word("FOREIGN")) {
        expect_word("KEY");
        out.kind = table_constraint::form::foreign_key;
        if (!is_symbol("(")) out.name = name("constraint name");
        out.columns = name_list();
        expect_word("REFERENCES");
        out.references = qualified_name("table name");
        if (is_symbol("(")) out.references_columns = name_list();
        out.on_delete = referential_action();
    } else {
        expect_word("CHECK");
        out.kind = table_constraint::form::check;
        expect_symbol("(");
        out.check = expression_();
        expect_symbol(")");
    }
    return out;
}

drop_statement parser::drop() {
    drop_statement out;
    if (accept_word("TABLE")) {
        out.kind = drop_statement::form::table;
    } else if (accept_word("VIEW")) {
        out.kind = drop_statement::form::view;
    } else if (accept_word("INDEX")) {
        out.kind = drop_statement::form::index;
    } else if (accept_word("SCHEMA")) {
        out.kind = drop_statement::form::schema;
    } else {
        fail(1, "DROP " + current().upper + " is not supported by the sandbox");
    }
    if (accept_word("IF")) {
        expect_word("EXISTS");
        out.if_exists = true;
    }
    out.name = qualified_name("name");
    if (out.kind == drop_statement::form::index && (accept_word("ON") || accept_word("FROM"))) {
        accept_word("TABLE");
        out.on = qualified_name("table name");
    }
    while (current().kind == token_kind::identifier) {
        if (accept_word("CASCADE")) {
            out.cascade = true;
        } else if (!accept_word("RESTRICT") && !accept_word("%DELDATA") && !accept_word("%NODELDATA")) {
            unexpected("end of statement");
        }
    }
    return out;
}

alter_table parser::alter() {
    alter_table out;
    if (!accept_word("TABLE")) fail(1, "ALTER " + current().upper + " is not supported by the sandbox");
    out.table = qualified_name("table name");
    if (accept_word("ADD")) {
        accept_word("COLUMN");
        const bool list = accept_symbol("(");
        do {
            for (const auto* const word : {"CONSTRAINT", "PRIMARY", "FOREIGN", "CHECK"})
                if (is_word(word)) fail(1, "ALTER TABLE ADD CONSTRAINT is not supported by the sandbox");
            out.added.push_back(column());
        } while (accept_symbol(","));
        if (list) expect_symbol(")");
    } else if (accept_word("DROP")) {
        if (is_word("CONSTRAINT")) fail(1, "ALTER TABLE DROP CONSTRAINT is not supported by the sandbox");
        accept_word("COLUMN");
        out.kind = alter_table::form::drop_column;
        out.column = name("column name");
        if (!accept_word("RESTRICT")) accept_word("CASCADE");
    } else if (accept_word("RENAME")) {
        if (accept_word("TO")) {
            out.kind = alter_table::form::rename_table;
            out.new_name = name("table name");
        } else {
            accept_word("COLUMN");
            out.kind = alter_table::form::rename_column;
            out.column = name("column name");
            expect_word("TO");
            out.new_name = name("column name");
        }
    } else {
        fail(1, "ALTER TABLE " + current().upper + " is not supported by the sandbox");
    }
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

std::variant<transaction_statement, session_statement> parser::set() {
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
