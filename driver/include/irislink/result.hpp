#pragma once
// Rows of a query, forward only. A result holds one block of rows at a time, whatever the number of
// rows; the next block is on its way while this one is read.
//
// result and row belong to one thread. A row is a view: it lives until the next row is read. Results
// of one connection may be read in turns; closing the connection first leaves them harmless.

#include <cmath>
#include <cstdint>
#include <iterator>
#include <memory>

#include "irislink/parameters.hpp"
#include "irislink/value_stream.hpp"

namespace irislink {

class connection;

namespace wire {
struct session_format;
enum class coercion : std::uint8_t;
enum class item_code : std::uint8_t;
} // namespace wire

namespace driver {
class session;
struct result_state;
struct row_storage;
class row_feed;

// One cell into a variable of the type T; for the types of row::get, `value` aside. The parts of the
// item one by one, so that they travel in registers.
template <class T> wire::coercion decode_cell(wire::item_code code, const std::byte* data, std::size_t size, const wire::session_format& format, void* out);

struct cell_target {
    wire::coercion (*decode)(wire::item_code, const std::byte*, std::size_t, const wire::session_format&, void*);
    void* out;
};
} // namespace driver

// One row. get<T>(i) throws error 22002 for NULL into a plain T, 22003 / 22018 / 01S07-like losses as
// 22003 or 22018: a value is delivered whole or not at all. Columns count from 0.
class row {
public:
    [[nodiscard]] std::size_t size() const noexcept;
    // A long value counts as NULL once it was read and turned out to be.
    [[nodiscard]] bool is_null(std::size_t column) const;

    // bool, integers, float, double, decimal, std::string, bytes, date, time_of_day, timestamp,
    // value, or std::optional of any of them. LONGVARCHAR and LONGVARBINARY columns: the content is
    // fetched when it is asked for, once, up to the keyword LongValueLimit.
    template <class T> [[nodiscard]] T get(std::size_t column) const;

    template <class T> [[nodiscard]] T get(std::string_view label) const { return get<T>(index_of(label)); }

    // `column` is a number or a label.
    template <class T, class Column> [[nodiscard]] T get(const Column& column, std::error_code& failed, diagnostics& why) const {
        return detail::returning_errors(failed, why, [&] { return get<T>(column); });
    }

    // Text for people; nothing for NULL.
    [[nodiscard]] std::optional<std::string> text(std::size_t column) const;
    [[nodiscard]] std::size_t index_of(std::string_view label) const;

    template <class... T> [[nodiscard]] std::tuple<T...> as() const { return as_tuple<T...>(std::index_sequence_for<T...>{}); }

private:
    friend class result;
    friend class driver::row_feed;

    template <class... T, std::size_t... I> std::tuple<T...> as_tuple(std::index_sequence<I...>) const { return {get<T>(I)...}; }

    void read(std::size_t column, bool& out) const;
    void read(std::size_t column, std::int64_t& out) const;
    void read(std::size_t column, double& out) const;
    void read(std::size_t column, decimal& out) const;
    void read(std::size_t column, std::string& out) const;
    void read(std::size_t column, bytes& out) const;
    void read(std::size_t column, date& out) const;
    void read(std::size_t column, time_of_day& out) const;
    void read(std::size_t column, timestamp& out) const;
    void read(std::size_t column, value& out) const;
    [[noreturn]] void out_of_range(std::size_t column) const;
    [[noreturn]] void null_value(std::size_t column) const;

    void load(std::size_t column) const; // the content of a long column

    driver::row_storage* cells_{nullptr};
};

class result {
public:
    result(); // no rows
    ~result();
    result(result&&) noexcept;
    result& operator=(result&&) noexcept;
    result(const result&) = delete;
    result& operator=(const result&) = delete;

    [[nodiscard]] const std::vector<column>& columns() const;

    // The next row, or false at the end. Blocks for the next block; throws error.
    bool next();

    // False at an error too: ask `failed`.
    bool next(std::error_code& failed, diagnostics& why) {
        return detail::returning_errors(failed, why, [this] { return next(); });
    }

    // The next row of the block that is here, or false when it is used up: for asynchronous
    // connections, which get further blocks by connection::async_next_block().
    bool next_in_block();

    // The next row straight into variables, one per column from the first: the fastest way to read many
    // rows, since text keeps its memory from row to row. The types and errors are those of row::get; after
    // an error about a cell the variables hold anything, and the next call reads the next row. There is
    // no current row afterwards.
    template <class... T> bool next_into(T&... out) {
        constexpr bool direct = (!std::is_same_v<T, value> && ...) && (!std::is_same_v<T, std::optional<value>> && ...);
        if constexpr (direct && sizeof...(T) > 0) {
            if (!has_long_columns()) {
                const driver::cell_target targets[] = {{&driver::decode_cell<T>, &out}...};
                return decode_next(targets, sizeof...(T));
            }
        }
        if (!next()) return false;
        std::size_t column = 0;
        ((out = row_.get<T>(column++)), ...);
        return true;
    }

    // Errors as values; the two come first, as the variables have no end. False at an error too: ask `failed`.
    template <class... T> bool next_into(std::error_code& failed, diagnostics& why, T&... out) {
        return detail::returning_errors(failed, why, [&] { return next_into(out...); });
    }

    [[nodiscard]] const irislink::row& current() const noexcept { return row_; }

    // A column of the current row to read in pieces, in bounded memory: for long values. Good until the
    // next row.
    [[nodiscard]] value_stream open_stream(std::size_t column);

    [[nodiscard]] value_stream open_stream(std::size_t column, std::error_code& failed, diagnostics& why) {
        return detail::returning_errors(failed, why, [&] { return open_stream(column); });
    }

    // Tells the server that no more rows are wanted.
    void close();

    void close(std::error_code& failed, diagnostics& why) {
        detail::returning_errors(failed, why, [this] { close(); });
    }

    // for (const auto& row : result)
    class iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = irislink::row;
        using difference_type = std::ptrdiff_t;
        using pointer = const irislink::row*;
        using reference = const irislink::row&;

        iterator() = default;

        explicit iterator(result* owner) : owner_(owner) { ++*this; }

        reference operator*() const { return owner_->current(); }

        pointer operator->() const { return &owner_->current(); }

        iterator& operator++() {
            if (!owner_->next()) owner_ = nullptr;
            return *this;
        }

        void operator++(int) { ++*this; }

        friend bool operator==(const iterator& left, const iterator& right) { return left.owner_ == right.owner_; }

    private:
        result* owner_{nullptr};
    };

    [[nodiscard]] iterator begin() { return iterator(this); }

    [[nodiscard]] iterator end() { return {}; }

    // Every row left, as tuples.
    template <class... T> [[nodiscard]] std::vector<std::tuple<T...>> all() {
        std::vector<std::tuple<T...>> out;
        std::tuple<T...> each;
        while (take_row(each)) out.push_back(std::move(each));
        return out;
    }

    // Every row left, as aggregates: Struct{column 0, column 1, ...} with these member types.
    template <class Struct, class... T> [[nodiscard]] std::vector<Struct> into() {
        std::vector<Struct> out;
        std::tuple<T...> row;
        while (take_row(row)) std::apply([&out](auto&... each) { out.push_back(Struct{std::move(each)...}); }, row);
        return out;
    }

private:
    friend class call_result;
    friend class connection;
    friend class statement;
    friend class driver::row_feed;
    result(std::shared_ptr<driver::session> session, std::shared_ptr<driver::result_state> state);

    template <class Tuple> bool take_row(Tuple& into) {
        return std::apply([this](auto&... each) { return next_into(each...); }, into);
    }

    [[nodiscard]] bool has_long_columns() const noexcept;
    bool decode_next(const driver::cell_target* targets, std::size_t count);
    bool next_block();

    std::shared_ptr<driver::session> session_;
    std::shared_ptr<driver::result_state> state_;
    std::unique_ptr<driver::row_storage> storage_;
    irislink::row row_;
};

template <class T> T row::get(std::size_t column) const {
    if constexpr (is_optional<T>::value) {
        load(column);
        if (is_null(column)) return std::nullopt;
        return get<typename T::value_type>(column);
    } else if constexpr (std::is_same_v<T, value>) {
        T out;
        read(column, out);
        return out;
    } else {
        load(column);
        if (is_null(column)) null_value(column);
        if constexpr (std::is_same_v<T, bool> || !std::is_arithmetic_v<T>) {
            T out{};
            read(column, out);
            return out;
        } else if constexpr (std::is_integral_v<T>) {
            std::int64_t wide = 0;
            read(column, wide);
            if (!std::in_range<T>(wide)) out_of_range(column);
            return static_cast<T>(wide);
        } else {
            double wide = 0;
            read(column, wide);
            // Rounding to the type's digits is what a float is; becoming infinite is not.
            if (std::isfinite(wide) && !std::isfinite(static_cast<T>(wide))) out_of_range(column);
            return static_cast<T>(wide);
        }
    }
}

} // namespace irislink
