#include <algorithm>
#include <array>
#include <utility>

#include "samples/sandbox/sql/parser.hpp"
#include "samples/sandbox/sql/sql_error.hpp"

// CREATE, ALTER TABLE and DROP.

namespace irislink::sandbox::sql {

bool parser::if_not_exists() {
    if (!accept_word("IF")) return false;
    expect_word("NOT");
    expect_word("EXISTS");
    return true;
}

std::variant<create_table, create_index, create_view, create_schema, create_routine> parser::create() {
    if (accept_word("SCHEMA")) {
        create_schema out;
        out.if_not_exists = if_not_exists();
        out.name = name("schema name");
        return out;
    }
    bool replace = false;
    if (is_word("OR") && is_word("REPLACE", 1)) {
        at_ += 2;
        replace = true;
    }
    if (is_word("PROCEDURE") || is_word("FUNCTION")) return routine(replace);
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
    out.if_not_exists = if_not_exists();
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
    out.if_not_exists = if_not_exists();
    out.table = qualified_name("table name");
    if (is_word("AS")) fail(1, "CREATE TABLE AS SELECT is not supported by the sandbox");
    expect_symbol("(");
    do {
        if (starts_constraint()) {
            out.constraints.push_back(constraint());
        } else if (accept_word("%DESCRIPTION")) {
            out.description = description();
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

bool parser::starts_constraint() const {
    static constexpr std::array starts{"CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK"};
    return std::ranges::any_of(starts, [this](const char* word) { return is_word(word); });
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
    std::string constraint_name; // of the constraint that follows
    const auto add = [&](table_constraint::form kind) -> table_constraint& {
        auto& made = out.constraints.emplace_back();
        made.kind = kind;
        made.name = std::exchange(constraint_name, {});
        made.columns = {out.name};
        return made;
    };
    while (true) {
        if (accept_word("NOT")) {
            expect_word("NULL");
            out.not_null = true;
        } else if (accept_word("NULL")) {
            out.not_null = false;
        } else if (accept_word("DEFAULT")) {
            out.default_value = additive();
        } else if (accept_word("UNIQUE")) {
            add(table_constraint::form::unique);
        } else if (accept_word("PRIMARY")) {
            expect_word("KEY");
            add(table_constraint::form::primary_key);
        } else if (accept_word("IDENTITY") || accept_word("AUTO_INCREMENT")) {
            out.identity = true;
            if (accept_symbol("(")) {
                while (!accept_symbol(")")) {
                    if (current().kind == token_kind::end) unexpected(")");
                    ++at_;
                }
            }
        } else if (accept_word("CHECK")) {
            checked(add(table_constraint::form::check));
        } else if (is_word("REFERENCES")) {
            references(add(table_constraint::form::foreign_key));
        } else if (accept_word("COLLATE")) {
            out.collation = to_upper(tokens_[at_++].text);
        } else if (accept_word("CONSTRAINT")) {
            constraint_name = name("constraint name");
        } else if (accept_word("%DESCRIPTION")) {
            out.description = description();
        } else {
            return out;
        }
    }
}

void parser::references(table_constraint& into) {
    expect_word("REFERENCES");
    into.references = qualified_name("table name");
    if (is_symbol("(")) into.references_columns = name_list();
    while (accept_word("ON")) {
        const bool on_delete = accept_word("DELETE");
        if (!on_delete) expect_word("UPDATE");
        auto& action = on_delete ? into.on_delete : into.on_update;
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
    }
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
        references(out);
    } else {
        expect_word("CHECK");
        out.kind = table_constraint::form::check;
        checked(out);
    }
    return out;
}

void parser::checked(table_constraint& into) {
    expect_symbol("(");
    const auto first = current().position;
    into.check = expression_();
    into.check_text = std::string(sql_.substr(first, current().position - first));
    expect_symbol(")");
}

std::string parser::description() {
    if (current().kind != token_kind::string) unexpected("a string");
    return tokens_[at_++].text;
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
    } else if (accept_word("PROCEDURE")) {
        out.kind = drop_statement::form::procedure;
    } else if (accept_word("FUNCTION")) {
        out.kind = drop_statement::form::function;
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
    using form = alter_table::form;
    alter_table out;
    if (!accept_word("TABLE")) fail(1, "ALTER " + current().upper + " is not supported by the sandbox");
    out.table = qualified_name("table name");
    if (accept_word("ADD")) {
        const bool column_word = accept_word("COLUMN");
        const bool list = accept_symbol("(");
        do {
            if (!column_word && starts_constraint()) {
                out.constraints.push_back(constraint());
            } else {
                out.added.push_back(column());
            }
        } while (accept_symbol(","));
        if (list) expect_symbol(")");
    } else if (accept_word("DROP")) {
        if (accept_word("CONSTRAINT")) {
            out.kind = form::drop_constraint;
            out.name = name("constraint name");
        } else if (is_word("FOREIGN") && is_word("KEY", 1)) {
            at_ += 2;
            out.kind = form::drop_foreign_key;
            out.name = name("foreign key name");
        } else if (is_word("PRIMARY") && is_word("KEY", 1)) {
            at_ += 2;
            out.kind = form::drop_primary_key;
        } else {
            accept_word("COLUMN");
            out.kind = form::drop_column;
            out.name = name("column name");
        }
        if (!accept_word("RESTRICT")) out.cascade = accept_word("CASCADE");
        if (!accept_word("%DELDATA")) accept_word("%NODELDATA");
    } else if (accept_word("RENAME")) {
        const bool column = is_word("COLUMN") || is_word("TO", 1);
        if (accept_word("TO") || !column) {
            out.kind = form::rename_table;
            out.new_name = name("table name");
        } else {
            accept_word("COLUMN");
            out.kind = form::rename_column;
            out.name = name("column name");
            expect_word("TO");
            out.new_name = name("column name");
        }
    } else if (accept_word("ALTER")) {
        accept_word("COLUMN");
        out.kind = form::rename_column;
        out.name = name("column name");
        if (!accept_word("RENAME")) fail(1, "ALTER TABLE ALTER COLUMN is supported by the sandbox with RENAME alone");
        out.new_name = name("column name");
    } else {
        fail(1, "ALTER TABLE " + current().upper + " is not supported by the sandbox");
    }
    return out;
}

} // namespace irislink::sandbox::sql
