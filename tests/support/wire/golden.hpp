#pragma once
// The fixtures of tests/golden as typed messages: recorded sessions of the official clients
// (captures/*.jsonl) and single messages written down from the specification (messages.jsonl).

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/wire/exchanges.hpp"
#include "tests/support/wire/hex.hpp"
#include "wire/frame/frame.hpp"
#include "wire/messages/registry.hpp"

namespace irislink::test {

inline const std::filesystem::path golden_directory = IRISLINK_SOURCE_DIR "/tests/golden";

// One message body and what it is: a request by its code, a reply by the name of its struct.
struct golden_message {
    std::string where; // file and line, for messages of failing tests
    std::optional<wire::function_code> code;
    std::string reply;
    wire::byte_buffer body;
    wire::session_format format;
    std::uint64_t outputs{0};
    // Our encoder is to give the same bytes. Not so for column lists of the recorded server, which named
    // no catalog by the integer 0 and dates by their ODBC 2 codes.
    bool canonical{true};
    // Of ROWS: how to walk them.
    std::optional<wire::row_layout> layout;
};

// ---- messages.jsonl ---------------------------------------------------------------------------

inline std::vector<golden_message> written_messages() {
    std::ifstream in(golden_directory / "messages.jsonl");
    if (!in) throw std::runtime_error("tests/golden/messages.jsonl is missing");
    std::vector<golden_message> out;
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
        if (line.empty()) continue;
        const auto entry = nlohmann::json::parse(line);
        auto& added = out.emplace_back();
        added.where = "messages.jsonl:" + std::to_string(number);
        if (entry.contains("code")) {
            const auto code = entry.at("code").get<std::string>();
            added.code = wire::function_code{static_cast<std::uint16_t>(static_cast<unsigned char>(code.at(0)) | static_cast<unsigned char>(code.at(1)) << 8)};
        } else {
            added.reply = entry.at("reply").get<std::string>();
        }
        added.body = bytes_of_hex(entry.at("hex").get<std::string>());
        added.format.features = entry.value("features", 0U);
        added.outputs = entry.value("outputs", 0U);
        added.canonical = entry.value("canonical", true);
    }
    return out;
}

// ---- captures ---------------------------------------------------------------------------------

struct captured_frame {
    bool from_client{false};
    wire::frame_header header;
    wire::byte_buffer body;
    int line{0};
};

inline std::vector<captured_frame> load_capture(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::vector<captured_frame> out;
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
        const auto entry = nlohmann::json::parse(line);
        if (!entry.contains("dir")) continue; // the line that describes the file
        const auto bytes = bytes_of_hex(entry.at("hex").get<std::string>());
        if (bytes.size() < wire::frame_header_size) throw std::runtime_error("short frame in a capture");
        auto& added = out.emplace_back();
        added.from_client = entry.at("dir") == "C";
        added.header = wire::decode_header(std::span<const std::byte, wire::frame_header_size>{bytes.data(), wire::frame_header_size});
        added.body.assign(bytes.begin() + wire::frame_header_size, bytes.end());
        if (added.header.length != added.body.size() || added.header.more) throw std::runtime_error("a capture holds whole messages");
        added.line = number;
    }
    return out;
}

inline std::vector<std::filesystem::path> capture_files() {
    std::vector<std::filesystem::path> out;
    for (const auto& entry : std::filesystem::directory_iterator(golden_directory / "captures"))
        if (entry.path().extension() == ".jsonl") out.push_back(entry.path());
    std::sort(out.begin(), out.end());
    return out;
}

// Follows one session: what the connection agreed, what each statement is, which request a reply
// belongs to. Throws when the session does something the specification does not allow.
class capture_walker {
public:
    explicit capture_walker(const std::filesystem::path& file) : file_(file) {}

    std::vector<golden_message> walk() {
        std::vector<golden_message> out;
        for (const auto& frame : load_capture(file_)) {
            golden_message added;
            added.where = file_.filename().string() + ":" + std::to_string(frame.line);
            added.body = frame.body;
            added.format = format_;
            if (frame.from_client) {
                added.code = frame.header.code;
                begin(frame);
            } else {
                classify(frame, added);
            }
            out.push_back(std::move(added));
        }
        return out;
    }

private:
    struct pending {
        std::string code;
        std::uint32_t statement{0};
        int replies{0};
    };

    struct statement_state {
        bool query{false};
        wire::row_layout layout;
    };

    template <class M> M read(const captured_frame& frame) const {
        M out;
        if (const auto error = wire::decode_body(frame.body, format_, out))
            throw std::runtime_error(file_.filename().string() + ":" + std::to_string(frame.line) + ": " + error.message());
        return out;
    }

    void begin(const captured_frame& frame) {
        using namespace wire;
        const auto code = frame.header.code.name();
        pending_[frame.header.id] = {code, frame.header.statement};
        auto& statement = statements_[frame.header.statement];
        if (code == "PP") statement.query = is_query(read<prepare_request>(frame).sql.text);
    }

    static bool is_query(const std::string& sql) {
        const auto word = sql.substr(0, sql.find(' '));
        return word == "SELECT" || word == "select" || word == "WITH";
    }

    void set_layout(std::uint32_t statement, const std::vector<wire::column>& columns, std::uint32_t option) {
        auto& layout = statements_[statement].layout;
        layout.columns = columns.size();
        layout.fast_select = (option & wire::feature::fast_select) != 0;
        layout.slots.clear();
        for (const auto& each : columns) layout.slots.push_back(each.slot);
    }

    void classify(const captured_frame& frame, golden_message& out) {
        using namespace wire;
        const auto found = pending_.find(frame.header.id);
        if (found == pending_.end()) throw std::runtime_error("a reply to nothing: " + out.where);
        auto& request = found->second;
        if (request.statement != frame.header.statement) throw std::runtime_error("a reply for another statement: " + out.where);
        ++request.replies;
        const auto status = frame.header.code.value;
        const auto& code = request.code;
        const bool good = status == 0 || status == status::end_of_data || status == status::last_piece;
        const auto id = request.statement;
        const auto rows = [&] {
            out.reply = "rows_reply";
            out.layout = statements_[id].layout;
        };
        if (code == "HS") {
            out.reply = "hello_reply";
            format_ = read<hello_reply>(frame).format();
            out.format = {};
        } else if (code == "CN") {
            out.reply = good ? "login_reply" : "refusal_reply";
            out.canonical = !good; // the job number was sent as text
            if (good) format_.features = read<login_reply>(frame).features;
        } else if (!good) {
            out.reply = frame.body.empty() ? "empty_reply" : "refusal_reply";
        } else if (request.replies == 2 || code == "PQ" || code == "FD") {
            rows();
        } else if (code == "DQ" || code == "DX" || (code == "PP" && statements_[id].query)) {
            out.reply = "query_reply";
            const auto reply = read<query_reply>(frame);
            set_layout(id, reply.columns, reply.features.option);
            out.canonical = reply.columns.empty();
        } else if (code == "PP") {
            out.reply = "prepare_update_reply";
        } else if (code == "SP" || code == "DS") {
            out.reply = code == "SP" ? "describe_procedure_reply" : "direct_procedure_reply";
            const auto columns = code == "SP" ? read<describe_procedure_reply>(frame).columns : read<direct_procedure_reply>(frame).description.columns;
            set_layout(id, columns, 0);
            out.canonical = columns.empty();
        } else if (const auto* const kind =
                       find_message({static_cast<std::uint16_t>(static_cast<unsigned char>(code[0]) | static_cast<unsigned char>(code[1]) << 8)});
                   kind != nullptr && kind->family == message_family::catalog) {
            out.reply = "catalog_reply";
            set_layout(id, read<catalog_reply>(frame).columns, 0);
            out.canonical = false;
        } else {
            static const std::map<std::string, std::string> replies{
                {"DU", "direct_update_reply"},   {"PU", "update_counts_reply"},  {"FX", "static_fetch_reply"}, {"SU", "procedure_update_reply"},
                {"SQ", "procedure_query_reply"}, {"GG", "generated_keys_reply"}, {"OE", "text_reply"},         {"2E", "second_factor_query_reply"},
                {"2F", "empty_reply"},           {"TC", "empty_reply"},          {"TR", "empty_reply"},        {"IL", "integer_reply"},
                {"SS", "integer_reply"},         {"JS", "stream_data_reply"},    {"AS", "stream_piece_reply"}, {"SM", "stream_store_reply"},
                {"SB", "stream_store_reply"},
            };
            const auto name = replies.find(code);
            if (name == replies.end()) throw std::runtime_error("no rule for the reply to " + code);
            out.reply = name->second;
            if (code == "GG") out.canonical = frame.body.empty();
        }
    }

    std::filesystem::path file_;
    wire::session_format format_;
    std::map<std::uint32_t, pending> pending_;
    std::map<std::uint32_t, statement_state> statements_;
};

inline std::vector<golden_message> all_golden_messages() {
    auto out = written_messages();
    for (const auto& file : capture_files())
        for (auto& each : capture_walker(file).walk()) out.push_back(std::move(each));
    return out;
}

// Calls visit.operator()<M>() for the struct of a golden message; false when there is none.
template <class Visitor> bool visit_struct_of(const golden_message& in, Visitor&& visit) {
    bool found = false;
    for_every_message([&]<class M>() {
        if constexpr (requires { M::code; }) {
            if (in.code && M::code == *in.code && !found) {
                found = true;
                visit.template operator()<M>();
            }
        } else if (in.code) {
            const auto* const kind = wire::find_message(*in.code);
            if (std::same_as<M, wire::catalog_request> && kind != nullptr && kind->family == wire::message_family::catalog) {
                found = true;
                visit.template operator()<M>();
            }
        } else if (message_name<M>() == in.reply) {
            found = true;
            visit.template operator()<M>();
        }
    });
    return found;
}

} // namespace irislink::test
