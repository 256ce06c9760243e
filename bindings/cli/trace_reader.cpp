#include "bindings/cli/trace_reader.hpp"

#include <algorithm>
#include <cstring>
#include <iomanip>
#include <ostream>

#include "driver/error/sqlstate_table.hpp"
#include "wire/messages/catalog.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/hello.hpp"
#include "wire/messages/login.hpp"
#include "wire/messages/registry.hpp"
#include "wire/messages/second_factor.hpp"

namespace irislink::cli {
namespace {

using namespace wire::literals;

constexpr std::size_t shown_rows = 5;
constexpr std::size_t shown_items = 30;
constexpr std::size_t shown_text = 60;

std::string status_text(std::uint16_t status) {
    if (status == wire::status::ok) return "status 0";
    if (status == wire::status::end_of_data) return "status 100 (end of data)";
    return "status " + std::to_string(status) + " (" + std::string(driver::builtin_text(status)) + ", SQLSTATE " + std::string(driver::sqlstate_of(status)) +
           ")";
}

// One line on a terminal, whatever the text holds.
std::string clean(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\n') {
            out += "\\n";
        } else if (c == '\r') {
            out += "\\r";
        } else {
            out.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c);
        }
    }
    return out;
}

std::string shortened(std::string_view text) {
    if (text.size() <= shown_text) return clean(text);
    auto end = shown_text;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return clean(text.substr(0, end)) + "...";
}

bool is_catalog(wire::function_code code) {
    const auto* const kind = wire::find_message(code);
    return kind != nullptr && kind->family == wire::message_family::catalog && kind->replies == 2;
}

} // namespace

template <class M> bool trace_reader::read(wire::bytes_view body, M& out) const {
    return !wire::decode_body(body, format_, out);
}

bool trace_reader::feed(double time, bool from_client, wire::bytes_view bytes) {
    auto& assembler = from_client ? client_ : server_;
    const auto room = assembler.prepare(bytes.size());
    if (room.size() < bytes.size()) return false;
    if (!bytes.empty()) std::memcpy(room.data(), bytes.data(), bytes.size());
    assembler.commit(bytes.size());
    std::error_code failed;
    wire::message in;
    while (assembler.next(in, failed)) {
        if (from_client) {
            const auto* const kind = wire::find_message(in.code);
            headline(time, true, in.code.name() + " " + std::string(kind != nullptr ? kind->name : "unknown message"), in.id, in.statement);
            asked_[{in.id, in.statement}] = {in.code, 0};
            if (kind != nullptr && kind->carries_secret) {
                field("body", "withheld, " + std::to_string(in.body.size()) + " bytes: it carries a secret");
            } else {
                request(in);
            }
        } else {
            headline(time, false, status_text(in.status()) + ", " + std::to_string(in.body.size()) + " bytes", in.id, in.statement);
            answer(in, asked_[{in.id, in.statement}]);
        }
    }
    return !failed;
}

void trace_reader::withheld(double time, bool from_client, const wire::frame_header& header, std::size_t size) {
    const auto* const kind = wire::find_message(header.code);
    headline(time, from_client, header.code.name() + " " + std::string(kind != nullptr ? kind->name : "unknown message"), header.id, header.statement);
    if (from_client) asked_[{header.id, header.statement}] = {header.code, 0};
    field("body", "withheld, " + std::to_string(size) + " bytes: it carries a secret");
}

void trace_reader::headline(double time, bool from_client, const std::string& what, std::uint32_t id, std::uint32_t statement) {
    *out_ << std::fixed << std::setprecision(6) << std::setw(11) << time << (from_client ? "  C->S  " : "  S->C  ") << what << ", id " << id;
    if (statement != 0) *out_ << ", statement " << statement;
    *out_ << "\n";
}

void trace_reader::field(std::string_view name, const std::string& text) {
    *out_ << "                   " << name << ": " << text << "\n";
}

std::string trace_reader::show(const wire::item& in) const {
    if (in.omitted) return "(omitted)";
    if (in.is_null()) return "NULL";
    if (in.is_empty_text()) return "''";
    std::string text;
    if (wire::to_text(in, format_, text) != wire::coercion::ok) return "(" + std::to_string(in.data.size()) + " bytes)";
    return wire::is_text_code(in.code) ? "'" + shortened(text) + "'" : shortened(text);
}

void trace_reader::items(wire::bytes_view body) {
    wire::reader in(body, format_);
    std::string text;
    for (std::size_t i = 0; i < shown_items && !in.at_end(); ++i) {
        const auto next = in.next();
        if (in.failed()) {
            field("body", std::to_string(body.size()) + " bytes that are not a list of items");
            return;
        }
        text += (i > 0 ? ", " : "") + show(next);
    }
    field("items", text + (in.at_end() ? "" : ", ..."));
}

void trace_reader::values(const wire::parameter_values& in) {
    if (in.count == 0) return;
    wire::reader each(in.items, format_);
    for (std::uint32_t set = 0; set < in.sets && set < shown_rows; ++set) {
        std::string text;
        for (std::uint32_t i = 0; i < in.count; ++i) text += (i > 0 ? ", " : "") + show(each.next());
        field(in.sets == 1 ? "parameters" : "parameters " + std::to_string(set + 1), text);
    }
    if (in.sets > shown_rows) field("parameters", "... " + std::to_string(in.sets) + " sets in all");
}

void trace_reader::columns(std::uint32_t id, const std::vector<wire::column>& in, const wire::statement_features& features) {
    std::string text;
    for (const auto& each : in) text += (text.empty() ? "" : ", ") + clean(each.label) + " (type " + std::to_string(each.type) + ")";
    field("columns", text);
    auto& known = statements_[id];
    known.columns = in;
    known.count = 0;
    wire::row_layout layout;
    layout.columns = in.size();
    layout.fast_select = (features.option & 1U) != 0;
    if (layout.fast_select)
        for (const auto& each : in) layout.slots.push_back(each.slot);
    known.rows = in.empty() ? nullptr : std::make_unique<wire::row_cursor>(layout);
}

void trace_reader::rows(std::uint32_t id, wire::bytes_view body, bool last) {
    const auto found = statements_.find(id);
    if (found == statements_.end() || found->second.rows == nullptr) {
        if (!body.empty()) items(body);
        return;
    }
    auto& known = found->second;
    wire::byte_buffer block(body.begin(), body.end());
    known.rows->feed(block);
    known.block.swap(block);
    std::vector<wire::item> row(known.columns.size());
    std::size_t in_block = 0;
    while (known.rows->next(row)) {
        ++known.count;
        if (++in_block > shown_rows) continue;
        std::string text;
        for (std::size_t i = 0; i < row.size(); ++i) text += (i > 0 ? ", " : "") + show(row[i]);
        field("row " + std::to_string(known.count), text);
    }
    if (in_block > shown_rows) field("rows", "... " + std::to_string(in_block) + " in this block");
    if (known.rows->error()) field("rows", "malformed: " + known.rows->error().message());
    if (last) {
        // The same statement may be executed again, with the same columns.
        const auto columns_again = known.columns;
        wire::row_layout layout;
        layout.columns = columns_again.size();
        for (const auto& each : columns_again)
            if (each.slot != 0) layout.slots.push_back(each.slot);
        layout.fast_select = !layout.slots.empty() && layout.slots.size() == columns_again.size();
        if (!layout.fast_select) layout.slots.clear();
        known.rows = std::make_unique<wire::row_cursor>(layout);
        known.count = 0;
    }
}

void trace_reader::counts(const std::vector<std::int64_t>& in) {
    std::string text;
    for (std::size_t i = 0; i < in.size() && i < shown_items; ++i) text += (i > 0 ? ", " : "") + std::to_string(in[i]);
    field(in.size() == 1 ? "rows changed" : "rows changed (" + std::to_string(in.size()) + " sets)", text + (in.size() > shown_items ? ", ..." : ""));
}

void trace_reader::request(const wire::message& in) {
    const auto show_statement = [this](const auto& read_in) {
        field("sql", clean(read_in.sql.text));
        if constexpr (requires { read_in.values; }) values(read_in.values);
    };
    if (wire::direct_query_request query; in.code == "DQ"_fc && read(in.body, query)) return show_statement(query);
    if (wire::direct_update_request update; in.code == "DU"_fc && read(in.body, update)) return show_statement(update);
    if (wire::prepare_request prepare; in.code == "PP"_fc && read(in.body, prepare)) return show_statement(prepare);
    if (wire::prepared_query_request query; in.code == "PQ"_fc && read(in.body, query)) return values(query.values);
    if (wire::prepared_update_request update; in.code == "PU"_fc && read(in.body, update)) return values(update.values);
    if (wire::hello_request hello; in.code == "HS"_fc && read(in.body, hello)) return field("protocol", std::to_string(hello.protocol));
    if (!in.body.empty()) items(in.body);
}

void trace_reader::session_answer(const wire::message& in, const question& asked) {
    if (wire::hello_reply hello; asked.code == "HS"_fc && read(in.body, hello)) {
        format_ = hello.format();
        field("protocol", std::to_string(hello.protocol) + ", flags " + std::to_string(hello.flags) + ", locale " + clean(hello.locale));
    } else if (wire::login_reply login; asked.code == "CN"_fc && read(in.body, login)) {
        format_.features = login.features;
        field("server", clean(login.server_version));
        field("job", std::to_string(login.job) + ", features " + std::to_string(login.features));
    } else if (wire::second_factor_query_reply factor; asked.code == "2E"_fc && read(in.body, factor)) {
        field("second factor", factor.required ? "required" : "not required");
    } else if (wire::text_reply text; asked.code == "OE"_fc && read(in.body, text)) {
        field("text", clean(text.text));
    } else if (!in.body.empty()) {
        items(in.body);
    }
}

void trace_reader::answer(const wire::message& in, question& asked) {
    const bool first = asked.answers++ == 0;
    const bool ok = in.status() == wire::status::ok || in.status() == wire::status::end_of_data;
    const bool last = in.status() == wire::status::end_of_data;
    const auto code = asked.code;
    if (!ok) {
        wire::refusal_reply why;
        if (!in.body.empty() && read(in.body, why)) field("text", clean(why.text));
        return;
    }
    if (first && (code == "DQ"_fc || code == "PP"_fc)) {
        if (wire::query_reply query; read(in.body, query)) return columns(in.statement, query.columns, query.features);
        if (wire::prepare_update_reply update; read(in.body, update)) return field("update", "no columns");
    }
    if (wire::direct_update_reply update; code == "DU"_fc && read(in.body, update)) return counts(update.counts);
    if (wire::update_counts_reply update; code == "PU"_fc && read(in.body, update)) return counts(update.counts);
    if (wire::catalog_reply catalog; first && is_catalog(code) && read(in.body, catalog)) return columns(in.statement, catalog.columns, {});
    if (code == "DQ"_fc || code == "PQ"_fc || code == "FD"_fc || is_catalog(code)) return rows(in.statement, in.body, last);
    session_answer(in, asked);
}

} // namespace irislink::cli
