#include "bindings/python/native/call.hpp"

#include "bindings/python/native/errors.hpp"
#include "bindings/python/native/gil.hpp"
#include "bindings/python/native/parameters.hpp"
#include "driver/sql/call_scanner.hpp"

namespace irislink::python {
namespace {

using form = driver::call_argument::form;

struct written_call {
    driver::scanned_call call;
    bool name_alone{false};
};

written_call scan(std::string_view text) {
    if (auto call = driver::scan_call(text)) return {*std::move(call)};
    const auto around = [text](const char* before, const char* behind) { return driver::scan_call(before + std::string(text) + behind); };
    if (auto call = around("{", "}")) return {*std::move(call)}; // CALL p
    if (auto call = around("{call ", "()}")) return {*std::move(call), true};
    fail_call(
        "42000", "Neither the name of a procedure nor a call of one: " + std::string(text.substr(0, 100)), "Write Schema.Name, or {call Schema.Name(?, ?)}."
    );
}

} // namespace

bool call_request::is_call(std::string_view text) {
    return driver::scan_call(text).has_value();
}

call_request::call_request(std::string_view text, const py::object& values, const wire::session_format& format)
    : values_(values.is_none() ? py::tuple() : sequence_of(values)) {
    auto written = scan(text);
    auto& call = written.call;
    name_ = std::move(call.name);
    how_.must_return = call.returns;
    how_.all_outputs = written.name_alone;
    if (written.name_alone) call.arguments.resize(values_.size()); // markers
    wire::writer items(arguments_.items, format);
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
        const auto& each = call.arguments[i];
        switch (each.kind) {
        case form::marker:
            markers_.push_back(i);
            if (markers_.size() <= values_.size()) {
                write_parameter(items, values_[markers_.size() - 1].ptr());
            } else {
                items.omitted();
            }
            break;
        case form::literal: items.text(each.text); break;
        case form::null: items.null(); break;
        case form::omitted: items.omitted(); break;
        }
    }
    require_written(items);
    if (values_.size() > markers_.size())
        fail_call("07002", "The call has " + std::to_string(markers_.size()) + " parameters, " + std::to_string(values_.size()) + " values were given");
    arguments_.count = static_cast<std::uint32_t>(call.arguments.size());
}

boost::asio::awaitable<std::shared_ptr<driver::call_state>> call_request::send(driver::session& on) {
    return on.call(std::move(name_), std::move(arguments_), how_);
}

py::tuple call_request::outcome(const driver::call_state& done, const py::tuple& row) const {
    const std::size_t first = done.returns ? 1 : 0;
    auto values = new_list();
    const auto add = [&](std::size_t argument) {
        const bool given = values.size() < values_.size();
        const bool comes_out = done.modes[first + argument] != driver::procedure_facts::only_in;
        values.append(given && !comes_out ? py::object(values_[values.size()]) : py::object(row[first + argument]));
    };
    for (const auto each : markers_) add(each);
    if (how_.all_outputs)
        for (auto i = markers_.size(); first + i < row.size(); ++i) add(i);
    const auto returned = done.returns ? py::object(row[0]) : py::none();
    if (how_.must_return) values.insert(0, returned);
    return tuple_of(std::move(values), returned);
}

std::vector<column_plan> plan_outputs(const driver::call_state& done) {
    auto out = plan_columns(done.output->columns);
    for (std::size_t i = done.returns ? 1 : 0; i < out.size(); ++i)
        if (done.modes[i] == driver::procedure_facts::only_in) out[i] = {cell_kind::unread};
    return out;
}

} // namespace irislink::python
