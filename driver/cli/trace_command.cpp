#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "driver/cli/commands.hpp"
#include "driver/value/convert.hpp"
#include "wire/frame/frame.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/execute.hpp"
#include "wire/messages/hello.hpp"
#include "wire/messages/login.hpp"
#include "wire/messages/registry.hpp"

namespace irislink::cli {
namespace {

using namespace wire::literals;

bool from_hex(const std::string& text, wire::byte_buffer& out) {
    if (text.size() % 2 != 0) return false;
    const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = digit(text[i]);
        const int low = digit(text[i + 1]);
        if (high < 0 || low < 0) return false;
        out.push_back(static_cast<std::byte>(high * 16 + low));
    }
    return true;
}

// Reads a trace message by message; what an answer means depends on what was asked.
class trace_reader {
public:
    void line(double time, bool from_client, wire::bytes_view bytes, std::size_t withheld) {
        if (bytes.size() < wire::frame_header_size) {
            std::cout << "  (a line too short for a message)\n";
            return;
        }
        const auto header = wire::decode_header(bytes.first<wire::frame_header_size>());
        const auto body = bytes.subspan(wire::frame_header_size);
        std::cout << std::fixed << std::setprecision(6) << std::setw(11) << time << (from_client ? "  C->S " : "  S->C ");
        if (from_client) {
            asked_[{header.id, header.statement}] = header.code;
            const auto* const kind = wire::find_message(header.code);
            std::cout << header.code.name() << " " << (kind != nullptr ? kind->name : "unknown message");
            ids(header);
            if (kind != nullptr && kind->carries_secret) {
                std::cout << "\n              body withheld (" << (withheld > 0 ? withheld : body.size()) << " bytes): it carries a secret\n";
                return;
            }
            std::cout << "\n";
            request(header.code, body);
        } else {
            std::cout << "status " << header.code.value;
            ids(header);
            std::cout << ", " << body.size() << " bytes\n";
            answer(header, body);
        }
    }

private:
    static void ids(const wire::frame_header& header) {
        std::cout << " id=" << header.id;
        if (header.statement != 0) std::cout << " statement=" << header.statement;
    }

    static void field(std::string_view name, std::string_view text) { std::cout << "              " << name << ": " << text << "\n"; }

    void values(const wire::parameter_values& in) {
        wire::reader items(in.items, format_);
        std::string text;
        for (std::uint64_t i = 0; i < std::min<std::uint64_t>(std::uint64_t{in.sets} * in.count, 20); ++i) text += (i > 0 ? ", " : "") + show(items.next());
        if (in.count > 0) field("values (" + std::to_string(in.sets) + " x " + std::to_string(in.count) + ")", text);
    }

    std::string show(const wire::item& in) const {
        if (in.omitted) return "(omitted)";
        if (in.is_null()) return "NULL";
        std::string text;
        if (wire::to_text(in, format_, text) != wire::coercion::ok) return "?";
        if (text.size() > 60) text = text.substr(0, 57) + "...";
        return wire::is_text_code(in.code) ? "'" + text + "'" : text;
    }

    template <class M>
    bool read(wire::bytes_view body, M& out) const {
        if (!wire::decode_body(body, format_, out)) return true;
        field("malformed", "the body cannot be decoded");
        return false;
    }

    void request(wire::function_code code, wire::bytes_view body) {
        if (code == "DQ"_fc) {
            wire::direct_query_request in;
            if (read(body, in)) {
                field("sql", in.sql.text);
                values(in.values);
            }
        } else if (code == "DU"_fc) {
            wire::direct_update_request in;
            if (read(body, in)) {
                field("sql", in.sql.text);
                values(in.values);
            }
        } else if (code == "PP"_fc) {
            wire::prepare_request in;
            if (read(body, in)) field("sql", in.sql.text);
        } else if (code == "PQ"_fc) {
            wire::prepared_query_request in;
            if (read(body, in)) values(in.values);
        } else if (code == "PU"_fc) {
            wire::prepared_update_request in;
            if (read(body, in)) values(in.values);
        } else if (code == "HS"_fc) {
            wire::hello_request in;
            if (read(body, in)) field("protocol", std::to_string(in.protocol));
        } else if (!body.empty()) {
            items(body);
        }
    }

    void items(wire::bytes_view body) {
        wire::reader in(body, format_);
        std::string text;
        for (int i = 0; i < 30 && !in.at_end(); ++i) {
            const auto next = in.next();
            if (in.failed()) return;
            text += (i > 0 ? ", " : "") + show(next);
        }
        field("items", text + (in.at_end() ? "" : ", ..."));
    }

    void answer(const wire::frame_header& header, wire::bytes_view body) {
        const auto found = asked_.find({header.id, header.statement});
        const auto code = found == asked_.end() ? wire::function_code{} : found->second;
        const bool ok = header.code.value == 0 || header.code.value == 100;
        if (code == "HS"_fc && ok) {
            wire::hello_reply in;
            if (!read(body, in)) return;
            format_ = in.format();
            field("protocol", std::to_string(in.protocol) + ", flags " + std::to_string(in.flags) + ", locale " + in.locale);
        } else if (code == "CN"_fc && ok) {
            wire::login_reply in;
            if (!read(body, in)) return;
            format_.features = in.features;
            field("server", in.server_version);
            field("job", std::to_string(in.job) + ", features " + std::to_string(in.features));
        } else if (code == "OE"_fc && ok) {
            wire::text_reply in;
            if (read(body, in)) field("text", in.text);
        } else if ((code == "DQ"_fc || code == "PP"_fc || code == "DX"_fc) && ok && !described_.contains({header.id, header.statement})) {
            described_[{header.id, header.statement}] = true;
            wire::query_reply in;
            if (wire::decode_body(body, format_, in)) {
                items(body);
                return;
            }
            std::string text;
            for (const auto& each : in.columns) text += (text.empty() ? "" : ", ") + each.label + ":" + std::to_string(each.type);
            field("columns", text);
        } else if (!body.empty()) {
            items(body);
        }
    }

    using key = std::pair<std::uint32_t, std::uint32_t>;
    wire::session_format format_;
    std::map<key, wire::function_code> asked_;
    std::map<key, bool> described_;
};

}  // namespace

int run_trace(const std::string& file) {
    std::ifstream in(file);
    if (!in) {
        std::cerr << "irislink: cannot read " << file << "\n";
        return 2;
    }
    trace_reader reader;
    std::string text;
    std::size_t number = 0;
    while (std::getline(in, text)) {
        ++number;
        const auto json = nlohmann::json::parse(text, nullptr, false);
        if (json.is_discarded() || !json.is_object()) {
            std::cerr << "irislink: line " << number << " of " << file << " is not part of a wire trace\n";
            return 2;
        }
        if (!json.contains("hex")) {
            std::cout << "# " << json.value("client", "") << ": " << json.value("what", "") << "\n";
            reader = {};
            continue;
        }
        wire::byte_buffer bytes;
        if (!json["hex"].is_string() || !from_hex(json["hex"].get<std::string>(), bytes)) {
            std::cerr << "irislink: line " << number << " of " << file << " holds no message\n";
            return 2;
        }
        reader.line(json.value("t", 0.0), json.value("dir", "C") == "C", bytes, json.value("withheld", std::size_t{0}));
    }
    return 0;
}

}  // namespace irislink::cli
