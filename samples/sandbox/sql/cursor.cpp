#include <cmath>

#include "samples/sandbox/sql/session_impl.hpp"

namespace irislink::sandbox::sql {
namespace {

std::string_view bytes_of(sqlite3_value* value) {
    const auto* const data = static_cast<const char*>(sqlite3_value_blob(value));
    return data == nullptr ? std::string_view{} : std::string_view(data, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

std::string_view text_of(sqlite3_value* value) {
    const auto* const data = reinterpret_cast<const char*>(sqlite3_value_text(value));
    return data == nullptr ? std::string_view{} : std::string_view(data, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

decimal canonical(decimal value) {
    while (value.exponent < 0 && value.mantissa % 10 == 0) {
        value.mantissa /= 10;
        ++value.exponent;
    }
    return value;
}

} // namespace

bool cursor::impl::next() {
    if (rolled_back) throw sql_error(102, "The cursor was closed by a rollback", "ServerLoop - Query Fetch");
    if (finished) return false;
    if (rows_left-- > 0) {
        try {
            if (step(statement.get())) return true;
        } catch (const sql_error& error) {
            const auto shown = owner->reason(error);
            close();
            throw shown;
        }
    }
    close(); // gives the read snapshot back at once
    return false;
}

void cursor::impl::close() noexcept {
    finished = true;
    statement.release();
    lease.reset();
}

cell cursor::impl::get(std::size_t column) const {
    cell out;
    if (finished) return out;
    auto* const value = sqlite3_column_value(statement.get(), static_cast<int>(column));
    const auto& type = compiled->columns[column].type;
    switch (sqlite3_value_type(value)) {
    case SQLITE_NULL: break;
    case SQLITE_INTEGER:
        out.integer = sqlite3_value_int64(value);
        if (type.is_numeric()) {
            out.kind = cell_kind::fixed;
            out.dec = canonical({out.integer, static_cast<std::int16_t>(-type.scale)});
        } else if (type.is_real()) {
            out.kind = cell_kind::real;
            out.real = static_cast<double>(out.integer);
        } else if (type.is_integer()) {
            out.kind = cell_kind::integer;
        } else {
            out.kind = cell_kind::text;
            out.text = text_of(value);
        }
        break;
    case SQLITE_FLOAT:
        out.kind = cell_kind::real;
        out.real = sqlite3_value_double(value);
        if (type.is_numeric()) out.real /= std::pow(10.0, type.scale);
        break;
    case SQLITE_BLOB:
        out.kind = cell_kind::bytes;
        out.text = bytes_of(value);
        break;
    default: out.kind = cell_kind::text; out.text = text_of(value);
    }
    return out;
}

cursor::cursor(std::shared_ptr<impl> rows) : impl_(std::move(rows)) {}

cursor::~cursor() {
    impl_->close();
}

bool cursor::next() {
    return impl_->next();
}

cell cursor::get(std::size_t column) const {
    return impl_->get(column);
}

std::size_t cursor::columns() const noexcept {
    return impl_->compiled->columns.size();
}

} // namespace irislink::sandbox::sql
