#include <cstdint>
#include <optional>

#include "samples/sandbox/sql/functions_support.hpp"
#include "samples/sandbox/sql/sqlite.hpp"
#include "wire/codec/coerce.hpp"
#include "wire/codec/reader.hpp"
#include "wire/codec/writer.hpp"

// The $LIST functions: a list is bytes, or the text of those bytes, as binary data is text in IRIS. Inside it the empty
// string of ObjectScript is NULL, and '' is one zero byte, as everywhere in SQL. NULL is the list without elements.

namespace irislink::sandbox::sql {
namespace {

[[noreturn]] void no_list() {
    throw sql_error(400, "<LIST>: the value is not a list");
}

// The elements of a list, one after the other.
class elements {
public:
    explicit elements(sqlite3_value* list) : bytes_(sqlite3_value_type(list) == SQLITE_NULL ? std::string{} : bytes_of(list)) {}

    [[nodiscard]] std::optional<wire::item> next() {
        if (in_.at_end() && !in_.failed()) return std::nullopt;
        const auto out = in_.next();
        if (in_.failed()) no_list();
        return out;
    }

private:
    std::string bytes_;
    wire::reader in_{wire::as_bytes(bytes_)};
};

std::string text_of(const wire::item& element) {
    std::string out;
    if (wire::to_text(element, wire::default_format, out) != wire::coercion::ok) no_list();
    return out;
}

wire::writer list_writer(wire::byte_buffer& bytes) {
    return wire::writer(bytes, wire::default_format, text_limit);
}

void return_list(sqlite3_context* context, const wire::byte_buffer& bytes, const wire::writer& from) {
    if (from.failed()) throw sql_error(400, "The list cannot be made: " + from.error().message());
    sqlite3_result_blob64(context, bytes.empty() ? static_cast<const void*>("") : bytes.data(), bytes.size(), SQLITE_TRANSIENT);
}

// iris_list_item(value): the list of that element alone.
void list_item(sqlite3_context* context, int, sqlite3_value** values) {
    wire::byte_buffer bytes;
    auto out = list_writer(bytes);
    switch (sqlite3_value_type(values[0])) {
    case SQLITE_NULL: out.null(); break;
    case SQLITE_INTEGER: out.integer(sqlite3_value_int64(values[0])); break;
    case SQLITE_FLOAT: out.real(sqlite3_value_double(values[0])); break;
    case SQLITE_BLOB: out.binary(wire::as_bytes(bytes_of(values[0]))); break;
    default: out.text(text_argument(values[0]));
    }
    return_list(context, bytes, out);
}

// iris_list_number(value, scale): the same of a number kept as an integer.
void list_number(sqlite3_context* context, int, sqlite3_value** values) {
    wire::byte_buffer bytes;
    auto out = list_writer(bytes);
    if (sqlite3_value_type(values[0]) == SQLITE_NULL) {
        out.null();
    } else {
        out.number({sqlite3_value_int64(values[0]), static_cast<std::int16_t>(-sqlite3_value_int(values[1]))});
    }
    return_list(context, bytes, out);
}

// iris_list_join(list, ...): their elements as one list.
void list_join(sqlite3_context* context, int count, sqlite3_value** values) {
    wire::byte_buffer bytes;
    auto out = list_writer(bytes);
    for (int i = 0; i < count; ++i) out.raw(wire::as_bytes(bytes_of(values[i])));
    return_list(context, bytes, out);
}

// $LISTLENGTH(list)
void list_length(sqlite3_context* context, int, sqlite3_value** values) {
    elements list(values[0]);
    std::int64_t count = 0;
    while (list.next()) ++count;
    sqlite3_result_int64(context, count);
}

// The element at a position from 1, or -1 for the last one; nothing where none is, or an undefined one.
std::optional<wire::item> element_at(elements& list, std::int64_t position) {
    std::optional<wire::item> found;
    for (std::int64_t number = 1; const auto element = list.next(); ++number)
        if (number == position || position == -1) found = element;
    if (found && found->omitted) found.reset();
    return found;
}

void return_element(sqlite3_context* context, const wire::item& element) {
    if (!element.is_null()) return_text(context, text_of(element));
}

// $LIST(list, position)
void list_element(sqlite3_context* context, int, sqlite3_value** values) {
    elements list(values[0]);
    const auto found = element_at(list, sqlite3_value_int64(values[1]));
    if (!found) throw sql_error(400, "<NULL VALUE>: the list has no element " + std::to_string(sqlite3_value_int64(values[1])));
    return_element(context, *found);
}

// $LISTGET(list, position, otherwise)
void list_get(sqlite3_context* context, int, sqlite3_value** values) {
    elements list(values[0]);
    if (const auto found = element_at(list, sqlite3_value_int64(values[1]))) {
        return_element(context, *found);
    } else {
        sqlite3_result_value(context, values[2]);
    }
}

// $LISTTOSTRING(list, delimiter)
void list_to_string(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(2, values)) return;
    elements list(values[0]);
    std::string out;
    for (bool first = true; const auto element = list.next(); first = false) {
        if (!first) out += text_argument(values[1]);
        if (!element->is_null()) out += text_of(*element);
        if (out.size() > text_limit) throw sql_error(400, "$LISTTOSTRING makes a text that is too long");
    }
    return_text(context, out);
}

// $LISTFROMSTRING(text, delimiter): a piece without characters is NULL.
void list_from_string(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(2, values)) return;
    auto text = text_argument(values[0]);
    const auto delimiter = text_argument(values[1]);
    wire::byte_buffer bytes;
    auto out = list_writer(bytes);
    for (;;) {
        const auto end = delimiter.empty() ? std::string_view::npos : text.find(delimiter);
        out.nullable_text(text.substr(0, end));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + delimiter.size());
    }
    return_list(context, bytes, out);
}

} // namespace

void register_list_functions(sqlite3* db) {
    register_function(db, "iris_list_item", 1, list_item);
    register_function(db, "iris_list_number", 2, list_number);
    register_function(db, "iris_list_join", -1, list_join);
    register_function(db, "iris_list_length", 1, list_length);
    register_function(db, "iris_list_element", 2, list_element);
    register_function(db, "iris_list_get", 3, list_get);
    register_function(db, "iris_list_to_string", 2, list_to_string);
    register_function(db, "iris_list_from_string", 2, list_from_string);
}

} // namespace irislink::sandbox::sql
