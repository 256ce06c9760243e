#pragma once
// A connection handle: settings made before connecting, the session afterwards, and the statements and
// explicit descriptors made on it.

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "irislink/connection.hpp"
#include "odbc/handle/handle.hpp"
#include "wire/codec/secret.hpp"

namespace irislink::odbc {

class browse_dialogue;
class descriptor;
class environment;
class statement;

// SQL_ATTR_... 1002: whether the server wants a second factor (get), the one-time code (set). The
// number is the vendor's.
inline constexpr SQLINTEGER attr_two_factor = 1002;

class connection final : public handle, public in_handle_memory<connection> {
public:
    static constexpr handle_tag kind = handle_tag::connection;

    explicit connection(environment& parent);
    ~connection();

    [[nodiscard]] environment& parent() noexcept { return parent_; }

    // "KEY=value;..." as SQLDriverConnect has it, or as made from SQLConnect's arguments.
    [[nodiscard]] SQLRETURN connect(std::string_view target);
    [[nodiscard]] SQLRETURN connect(const std::string& dsn, std::optional<std::string_view> user, std::optional<std::string_view> password);
    // SQLBrowseConnect: takes a request, gives the result string with SQL_NEED_DATA, or the completed one.
    // What fails ends the dialogue.
    [[nodiscard]] SQLRETURN browse(std::string_view request, std::string& result);
    // Ends a dialogue too.
    void disconnect();

    // Not while a dialogue is under way, though it may have gone as far as the server's asking for a code.
    [[nodiscard]] bool is_connected() const noexcept { return client_.session() != nullptr && !browse_; }

    // Throws HY010 between the SQL_NEED_DATA of SQLBrowseConnect and its end.
    void require_no_dialogue() const;

    // The connection string that would make this connection again, without secrets.
    [[nodiscard]] const std::string& completed_string() const noexcept { return completed_; }

    // Numbers and addresses; text attributes have their own functions. Throws HY092 and others.
    [[nodiscard]] SQLRETURN set_attribute(SQLINTEGER attribute, SQLPOINTER value);
    [[nodiscard]] SQLRETURN set_catalog(const std::string& name);
    [[nodiscard]] SQLRETURN send_two_factor(std::string_view code);

    // The number, its size in the program's memory.
    struct attribute_value {
        std::uint64_t value;
        bool pointer;
    };

    [[nodiscard]] attribute_value attribute(SQLINTEGER attribute);
    [[nodiscard]] std::string catalog() const;

    void end_transaction(bool commit);

    // Names of cursors are the connection's, so that statements on several threads may ask for them.
    // Throws 3C000 when another statement has the name.
    void name_cursor(const statement& of, std::string name);
    // Makes one up when there is none yet.
    [[nodiscard]] std::string cursor_name(const statement& of);
    void forget_cursor_name(const statement& of) noexcept;

    [[nodiscard]] statement& add_statement();
    void remove(statement& gone);
    [[nodiscard]] descriptor& add_descriptor();
    void remove(const descriptor& gone);

    // Throws 08003 when there is none.
    [[nodiscard]] driver::session& session();

    [[nodiscard]] server_info server() const { return client_.server(); }

    [[nodiscard]] const driver::connection_settings& settings() const;

    [[nodiscard]] std::string data_source() const { return data_source_; }

    // For SQLCancel, from any thread: null when not connected.
    [[nodiscard]] std::shared_ptr<driver::session> session_to_cancel() const;

    // SQLCancelHandle, from any thread: ends a connect under way, which then fails with HY008.
    [[nodiscard]] SQLRETURN cancel();

    // One operation on the session at a time, whichever statement it is for.
    std::mutex line;

    // Calls of its statements that are executing asynchronously.
    std::atomic<unsigned> executing{0};

    // Throws HY010 when there are such.
    void require_none_executing() const;

private:
    [[nodiscard]] SQLRETURN open(connect_options options);
    void close_line();
    void require_unconnected() const;
    void set_isolation(SQLULEN level);

    environment& parent_;
    std::atomic<bool> connecting_{false};
    std::atomic<bool> stop_connecting_{false};
    irislink::connection client_;
    std::unique_ptr<browse_dialogue> browse_;
    bool browse_failed_{false}; // a driver manager that saw SQL_NEED_DATA before still wants SQLDisconnect
    std::string completed_;
    std::string data_source_;
    std::string catalog_; // asked for, or in use
    mutable std::mutex session_mutex_;
    std::shared_ptr<driver::session> shared_session_;
    std::vector<std::unique_ptr<statement>> statements_;
    std::vector<std::unique_ptr<descriptor>> descriptors_;
    // Attributes as they were set, before connecting or after.
    std::map<SQLINTEGER, std::uint64_t> numbers_;
    std::mutex names_mutex_; // of these two
    std::map<const statement*, std::string> cursor_names_;
    std::uint64_t cursor_numbers_{0};
};

} // namespace irislink::odbc
