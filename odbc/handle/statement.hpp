#pragma once
// A statement handle: text, parameters, execution and result, over the connection's session. Public
// functions are called through the gate, with the statement's lock held; those that use the session
// take connection::line themselves. cancel() alone comes from any thread, without the lock.

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "driver/catalog/catalog_function.hpp"
#include "driver/sql/call_scanner.hpp"
#include "driver/sql/scanner.hpp"
#include "odbc/bind/data_reader.hpp"
#include "odbc/bind/parameter_array.hpp"
#include "odbc/bind/result_cursor.hpp"
#include "odbc/bind/rowset_position.hpp"
#include "odbc/bind/rowset_writer.hpp"
#include "odbc/descriptor/descriptor.hpp"
#include "odbc/handle/async_call.hpp"
#include "odbc/handle/connection.hpp"

namespace irislink::odbc {

// Data at execution of one set of parameters: what is still to come, and what came.
struct awaited_data {
    std::shared_ptr<parameter_reader> reader;
    SQLULEN set{0};
    std::vector<SQLSMALLINT> parameters;
    std::size_t next{0}; // the first of `parameters` that SQLParamData has not named yet
    put_values values;
};

// Parameters of a call that come out as streams: SQLParamData names them one by one, SQLGetData reads.
struct output_streams {
    struct parameter {
        SQLSMALLINT number;
        std::size_t column; // of `row`
    };

    std::unique_ptr<result_cursor> row;
    std::shared_ptr<parameter_reader> reader;
    std::vector<parameter> parameters;
    std::size_t next{0}; // the first of `parameters` that SQLParamData has not named yet
    data_reader reading;
};

// A call whose results are still to be read: its parameters come out after them.
struct open_call {
    std::shared_ptr<driver::call_state> state;
    std::shared_ptr<parameter_reader> reader; // as the parameters were bound when it was executed
    SQLULEN set{0};
};

// Of an array of calls, what a set that was executed has to give when its turn comes.
struct held_result {
    SQLULEN set;
    std::optional<open_call> call; // none: a result without columns is in its place, and its parameters have come out
    SQLLEN changed;                // rows; -1: not said
};

// What belongs to the work that the statement was last given, and to no other: statement::end_work() ends all of it.
// A new kind of it goes here.
struct last_work {
    std::optional<awaited_data> needs;
    std::optional<parameter_array> array;
    std::optional<output_streams> streams;
    std::optional<open_call> called;
    std::deque<held_result> held;
};

class statement final : public handle, public in_handle_memory<statement> {
public:
    static constexpr handle_tag kind = handle_tag::statement;

    explicit statement(connection& parent);
    ~statement();

    [[nodiscard]] connection& parent() noexcept { return parent_; }

    // --- text and execution (statement.cpp) ---
    [[nodiscard]] SQLRETURN prepare(std::string text);
    [[nodiscard]] SQLRETURN execute();
    [[nodiscard]] SQLRETURN execute_direct(std::string text);
    [[nodiscard]] SQLRETURN more_results();
    [[nodiscard]] SQLRETURN catalog(driver::catalog_function which, std::vector<std::string> arguments);
    // Rows made by the driver.
    [[nodiscard]] SQLRETURN show(std::vector<column> columns, wire::byte_buffer items);
    // Any thread.
    [[nodiscard]] SQLRETURN cancel();

    // --- data at execution (statement_needs.cpp) ---
    [[nodiscard]] SQLRETURN next_needed(SQLPOINTER* token); // SQLParamData
    [[nodiscard]] SQLRETURN put_data(SQLPOINTER data, SQLLEN length);
    // While it is awaited, nothing else may be called: HY010.
    void require_no_needs() const;

    // Every function of the program but cancel() and the polling of one under way, with the lock.
    void begin_call() noexcept { ++calls_; }

    // --- asynchronous work ---
    [[nodiscard]] bool works_asynchronously() const noexcept { return asynchronous_ == SQL_ASYNC_ENABLE_ON; }

    // Whether fetch() and get_data() may have to wait, for the server or for another statement. What need
    // not wait is done at once: a thread per row would cost more than it is worth.
    [[nodiscard]] bool fetch_waits();
    [[nodiscard]] bool data_waits(SQLUSMALLINT column);

    // Any thread; for a statement with work outstanding.
    [[nodiscard]] SQLRETURN poll(SQLUSMALLINT function) noexcept;

    async_call asynchronous;

    [[nodiscard]] std::uint32_t parameter_count() const;
    // As the server describes it; throws 07009 when there is none.
    [[nodiscard]] const wire::parameter_description& described_parameter(SQLUSMALLINT number) const;

    // A concise SQL type as this program knows it.
    [[nodiscard]] SQLSMALLINT told_type(SQLSMALLINT concise) const { return telling()(concise); }

    [[nodiscard]] SQLLEN row_count() const noexcept { return row_count_; }

    // --- results (statement_fetch.cpp) ---
    [[nodiscard]] SQLRETURN fetch(); // SQLFetch
    [[nodiscard]] SQLRETURN scroll(SQLSMALLINT orientation, SQLLEN offset);
    // SQLExtendedFetch, with its own rowset size (SQL_ROWSET_SIZE), count and status array.
    [[nodiscard]] SQLRETURN extended_fetch(SQLSMALLINT orientation, SQLLEN offset, SQLULEN* fetched, SQLUSMALLINT* status);
    [[nodiscard]] SQLRETURN get_data(SQLUSMALLINT column, SQLSMALLINT c_type, target to);
    // Throws 24000 unless `quietly`.
    void close_cursor(bool quietly);

    // --- within a rowset, and by bookmarks (statement_scroll.cpp) ---
    [[nodiscard]] SQLRETURN set_position(SQLULEN row, SQLUSMALLINT operation, SQLUSMALLINT lock); // SQLSetPos
    [[nodiscard]] SQLRETURN bulk_operations(SQLSMALLINT operation);

    // --- bindings and attributes (statement_bind.cpp) ---
    void bind_column(SQLUSMALLINT column, SQLSMALLINT c_type, SQLPOINTER data, SQLLEN capacity, SQLLEN* length);

    struct parameter_binding {
        SQLSMALLINT direction;
        SQLSMALLINT c_type;
        SQLSMALLINT sql_code;
        SQLULEN column_size;
        SQLSMALLINT decimals;
        SQLPOINTER data;
        SQLLEN capacity;
        SQLLEN* length;
    };

    void bind_parameter(SQLUSMALLINT number, const parameter_binding& binding);

    void unbind_columns() { ard().set_count(0); }

    void reset_parameters();

    [[nodiscard]] SQLRETURN set_attribute(SQLINTEGER attribute, SQLPOINTER value);

    // SQL_ATTR_METADATA_ID: names given to catalog functions are identifiers, not patterns.
    [[nodiscard]] bool takes_identifiers() const noexcept { return metadata_id_ != SQL_FALSE; }

    [[nodiscard]] bool has_bookmarks() const noexcept { return use_bookmarks_ != SQL_UB_OFF; }

    struct attribute_value {
        std::uint64_t value;
        std::uint8_t bytes;
    };

    [[nodiscard]] attribute_value attribute(SQLINTEGER attribute);

    void set_cursor_name(std::string name);
    [[nodiscard]] std::string cursor_name();

    [[nodiscard]] descriptor& ard() noexcept { return *ard_; }

    [[nodiscard]] descriptor& apd() noexcept { return *apd_; }

    // Of the prepared or executed statement; throws HY010 when there is none, 07005 without columns when `wanted`.
    [[nodiscard]] descriptor& described(bool wanted);

    [[nodiscard]] descriptor& ird() noexcept { return own_[2]; }

    [[nodiscard]] descriptor& ipd() noexcept { return own_[3]; }

    // An explicit descriptor is about to be freed.
    void forget(const descriptor& gone) noexcept;

private:
    enum class state : std::uint8_t { allocated, prepared, executed };

    // --- calls of procedures (statement_call.cpp, statement_outputs.cpp) ---
    void describe_call();
    enum class first_result : std::uint8_t { current, held };
    // The first result set, if there is one, is the current one then, or it may wait while others run.
    [[nodiscard]] std::shared_ptr<driver::call_state> run_procedure(driver::encoded_parameters values, first_result as);
    // SQL_NO_DATA after the last result, when the parameters have come out.
    [[nodiscard]] SQLRETURN next_call_result();
    [[nodiscard]] driver::encoded_parameters arguments_of(const parameter_reader& reader, SQLULEN set, const put_values& put);
    [[nodiscard]] SQLRETURN put_outputs();
    [[nodiscard]] bool write_outputs(const open_call& call);
    // The results and parameters that nobody reads any more.
    void end_call();
    void end_held();
    [[nodiscard]] SQLRETURN next_stream(SQLPOINTER* token);
    [[nodiscard]] SQLRETURN get_stream_data(SQLUSMALLINT number, SQLSMALLINT c_type, target to);

    // --- arrays of parameters (statement_array.cpp) ---
    [[nodiscard]] array_way way_of_sets(const parameter_reader& reader);
    [[nodiscard]] SQLRETURN begin_array(std::shared_ptr<parameter_reader> reader);
    [[nodiscard]] SQLRETURN read_sets();
    [[nodiscard]] bool take_set(SQLULEN set, const put_values& put);
    [[nodiscard]] bool send_sets();
    [[nodiscard]] bool begin_set(SQLULEN set);
    [[nodiscard]] bool query_set(SQLULEN set, driver::encoded_parameters values);
    [[nodiscard]] bool call_set(SQLULEN set, driver::encoded_parameters values);
    template <class Work> bool attempt(SQLULEN set, Work&& work);
    void tell_set(SQLULEN set, diag_record why);
    // What calls that returned SQL_NEED_DATA had to tell.
    void tell_earlier();
    [[nodiscard]] SQLRETURN next_set(bool first);
    void show_held(held_result of);
    [[nodiscard]] SQLRETURN next_held();
    [[nodiscard]] SQLRETURN next_of_array();

    // Of attributes that say what kind of cursor is opened (statement_bind.cpp).
    void require_before_cursor() const;
    void set_cursor_type(SQLULEN type);
    void set_bookmarks(SQLULEN use);

    // Every function that gives the statement other work begins with one of the two: nothing of the last work is left after
    // them. begin_anew() forgets the text too, as of functions that bring another or have none. Throw HY010, 24000.
    void begin_work();
    void begin_anew();
    // Closes the cursor and lets go of the results and parameters that nobody reads any more. Throws error; called again,
    // it goes on where it was.
    void end_work();
    // The current result set, but not the work it came from.
    void close_result();
    // The result set that is read becomes this one, or none; gives back the one before.
    std::unique_ptr<result_cursor> exchange_cursor(std::unique_ptr<result_cursor> other);

    void set_text(std::string text);
    [[nodiscard]] SQLRETURN begin_execution();
    [[nodiscard]] SQLRETURN await_data(std::shared_ptr<parameter_reader> reader, SQLULEN set);
    // What is sent for a set of parameters.
    [[nodiscard]] driver::encoded_parameters values_of(const parameter_reader& reader, SQLULEN set, const put_values& put);
    // The execution with one set. True when there is a result set, which is the current one then; else row_count_ is what
    // was done, and parameters of a call are still to come out. Throws error.
    [[nodiscard]] bool perform(const std::shared_ptr<parameter_reader>& reader, SQLULEN set, driver::encoded_parameters values);
    // All of an execution that has one set.
    [[nodiscard]] SQLRETURN run(const std::shared_ptr<parameter_reader>& reader, const put_values& put);
    // `begin` is called when it is certain to be sent.
    [[nodiscard]] driver::execution run_message(
        driver::encoded_parameters parameters, const std::function<void()>& begin = [] {}
    );
    void open(std::unique_ptr<result_cursor> cursor);
    void require_cursor() const;

    // What a fetch fills beside the bound columns, as SQLFetch and SQLExtendedFetch each have it.
    struct rowset {
        SQLULEN size{1};
        SQLUSMALLINT* status{nullptr};
        SQLULEN* fetched{nullptr};
        bool extended{false}; // by SQLExtendedFetch
    };

    [[nodiscard]] SQLRETURN fetch_rowset(SQLSMALLINT orientation, SQLLEN offset, SQLLEN bookmark, const rowset& into);
    // What bookmark of the program a fetch begins from. Throws HY106, HY111.
    [[nodiscard]] SQLLEN bookmarked_row(const void* bookmark) const;
    enum class stepped : std::uint8_t { nowhere, onto_row, failed };

    // The next row into the bound columns; what fails is told, and the row's status says so.
    stepped write_row(const rowset_writer::place& at, SQLUSMALLINT& status);
    // Stands on row `current_` of the rowset again.
    void stand_on_current();
    void require_static(const char* sqlstate, const char* what) const;

    // The number of the current row in the result, from 1; 0 when there is none.
    [[nodiscard]] SQLULEN current_row() const noexcept { return row_is_there_ ? static_cast<SQLULEN>(position_.start) + current_ : 0; }

    [[nodiscard]] type_telling telling() const;
    void describe(const std::vector<column>& columns);
    // Stops what runs on the server; false when nothing of this statement is there yet, or any more.
    bool cancel_on_server();
    // Of work that asks the server several times, before each: throws HY008 once SQLCancel came. The server has nothing to
    // stop when it is asked between two answers.
    void go_on() const;

    // Runs work on the session as the operation that cancel() stops.
    template <class Work> auto on_line(Work&& work) {
        const std::lock_guard lock(parent_.line);

        struct mark {
            explicit mark(std::atomic<bool>& flag) : is_running(flag) { is_running = true; }

            ~mark() { is_running = false; }

            mark(const mark&) = delete;
            mark& operator=(const mark&) = delete;
            std::atomic<bool>& is_running;
        };

        if (asynchronous.stop_asked()) fail("HY008", "The operation was cancelled before it was sent");
        cancel_sent_ = false;
        const mark running(running_);
        auto& on = parent_.session();
        on.set_query_timeout(query_timeout_set_ ? driver::milliseconds(static_cast<std::int64_t>(query_timeout_) * 1000) : on.settings().query_timeout);
        return work(on);
    }

    connection& parent_;
    descriptor own_[4];
    descriptor* ard_;
    descriptor* apd_;

    state state_{state::allocated};
    driver::scanned_statement sql_;
    std::optional<driver::scanned_call> call_;            // what the text is, if it is one
    std::vector<wire::parameter_description> parameters_; // of a prepared statement
    std::vector<column> prepared_;                        // its columns
    bool changes_rows_{false};                            // INSERT, UPDATE, DELETE: no rows changed is SQL_NO_DATA
    bool keep_{false};
    std::unique_ptr<result_cursor> cursor_;
    bool row_is_there_{false};
    SQLLEN row_count_{-1};
    rowset_writer writer_;
    data_reader reader_;

    // What was fetched last.
    rowset_position position_;
    std::optional<rowset> rowset_;
    SQLULEN rowset_rows_{0}; // there are in it
    SQLULEN current_{0};     // of them, from 0

    last_work work_;

    SQLULEN query_timeout_{0};
    bool query_timeout_set_{false};
    SQLULEN cursor_type_{SQL_CURSOR_FORWARD_ONLY};
    SQLULEN use_bookmarks_{SQL_UB_OFF};
    SQLPOINTER fetch_bookmark_{nullptr};
    SQLULEN extended_rowset_size_{1}; // SQL_ROWSET_SIZE
    SQLULEN max_rows_{0};
    SQLULEN max_length_{0};
    SQLULEN noscan_{SQL_NOSCAN_OFF};
    SQLULEN metadata_id_{SQL_FALSE};
    SQLULEN asynchronous_{SQL_ASYNC_ENABLE_OFF};
    std::atomic<bool> running_{false};
    std::atomic<bool> cancel_sent_{false}; // for what runs
    std::atomic<std::uint32_t> calls_{0};
    std::atomic<std::uint32_t> stopped_call_{0}; // the one of them that is not to ask the server for anything more
};

} // namespace irislink::odbc
