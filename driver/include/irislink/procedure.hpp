#pragma once
// Calls of stored procedures.
//
//     auto done = db.call("Sample.Raise", 7, irislink::parse_decimal("1200.00"), irislink::not_given);
//     do {
//         for (const auto& row : done.rows()) ...
//     } while (done.next_result());
//     auto pay = done.get<irislink::decimal>(1); // what the procedure has put into its second parameter
//     auto who = done.returned<int>();
//
// Arguments stand for the parameters in their order; those at the end may be left out. The server alone
// knows which parameters come out: give values for those that go in, and `not_given` for those that
// only come out or are to take their DEFAULT.
//
// Functions come in two forms, as those of connection do (irislink/connection.hpp).

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "irislink/result.hpp"

namespace irislink {

namespace driver {
struct call_state;
}

// As an argument: no value goes in.
struct not_given_t {};

inline constexpr not_given_t not_given{};

using argument = std::optional<value>; // nothing: not given

// What a call has given. It belongs to one thread and, as results do, to its connection; move-only. The
// server keeps its results for it until they are read, it is destroyed, or the procedure is called again.
class call_result {
public:
    call_result();
    ~call_result();
    call_result(call_result&&) noexcept;
    call_result& operator=(call_result&&) noexcept;
    call_result(const call_result&) = delete;
    call_result& operator=(const call_result&) = delete;

    // How many arguments were given; parameters count from 0. A parameter that only goes in may be NULL
    // here: servers need not send it back.
    [[nodiscard]] std::size_t size() const noexcept { return parameters().size(); }

    [[nodiscard]] std::span<const column> parameters() const noexcept;

    // The value of a parameter after the call; types and errors are those of row::get. Long values are
    // fetched when they are asked for: before the procedure is called again. By name without regard to case.
    template <class T> [[nodiscard]] T get(std::size_t parameter) const { return output_.current().get<T>(column_of(parameter)); }

    template <class T> [[nodiscard]] T get(std::string_view name) const { return output_.current().get<T>(name); }

    template <class T, class Parameter> [[nodiscard]] T get(const Parameter& parameter, std::error_code& failed, diagnostics& why) const {
        return detail::returning_errors(failed, why, [&] { return get<T>(parameter); });
    }

    [[nodiscard]] bool returns() const noexcept { return returns_; }

    // What the procedure returned. Throws 07009 when it returns nothing.
    template <class T> [[nodiscard]] T returned() const { return output_.current().get<T>(return_column()); }

    template <class T> [[nodiscard]] T returned(std::error_code& failed, diagnostics& why) const {
        return detail::returning_errors(failed, why, [this] { return returned<T>(); });
    }

    // Rows that the procedure has changed, as the server counts them; -1 when it does not say.
    [[nodiscard]] std::int64_t changed() const noexcept;

    // The current result set: the first one after the call. Without one: a result without columns.
    [[nodiscard]] bool has_rows() const noexcept { return !rows_.columns().empty(); }

    [[nodiscard]] result& rows() noexcept { return rows_; }

    // Goes on to the next result set, whether the current one was read or not; false when there is none.
    bool next_result();

    bool next_result(std::error_code& failed, diagnostics& why) {
        return detail::returning_errors(failed, why, [this] { return next_result(); });
    }

    // Tells the server that no more results are wanted. The parameters stay.
    void close();

    void close(std::error_code& failed, diagnostics& why) {
        detail::returning_errors(failed, why, [this] { close(); });
    }

private:
    friend class connection;
    call_result(std::shared_ptr<driver::session> session, std::shared_ptr<driver::call_state> state);

    void take_rows();
    [[nodiscard]] std::size_t column_of(std::size_t parameter) const;
    [[nodiscard]] std::size_t return_column() const;

    std::shared_ptr<driver::session> session_;
    std::shared_ptr<driver::call_state> state_;
    bool returns_{false};
    result output_; // its one row is current
    result rows_;
};

namespace detail {

template <class T> argument to_argument(T&& in) {
    using plain = std::remove_cvref_t<T>;
    if constexpr (std::is_same_v<plain, not_given_t>) {
        return std::nullopt;
    } else if constexpr (std::is_same_v<plain, argument>) {
        return std::forward<T>(in);
    } else {
        return to_value(std::forward<T>(in));
    }
}

// As with_values(), for the arguments of a call.
template <class Work, class... T> auto with_arguments(const Work& work, T&&... arguments) {
    if constexpr (end_with_errors<T...>()) {
        const auto all = std::forward_as_tuple(std::forward<T>(arguments)...);
        constexpr auto count = sizeof...(T) - 2;
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return returning_errors(std::get<count>(all), std::get<count + 1>(all), [&] {
                const std::vector<argument> given{to_argument(static_cast<std::tuple_element_t<I, std::tuple<T&&...>>>(std::get<I>(all)))...};
                return work(std::span<const argument>(given));
            });
        }
        (std::make_index_sequence<count>{});
    } else {
        const std::vector<argument> given{to_argument(std::forward<T>(arguments))...};
        return work(std::span<const argument>(given));
    }
}

} // namespace detail

} // namespace irislink
