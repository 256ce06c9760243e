#include "irislink/procedure.hpp"

#include "driver/api/encode.hpp"

namespace irislink {

call_result::call_result() = default;

call_result::call_result(std::shared_ptr<driver::session> session, std::shared_ptr<driver::call_state> state)
    : session_(std::move(session)), state_(std::move(state)), returns_(state_->returns), output_(session_, state_->output) {
    if (!output_.next_in_block() && !output_.columns().empty())
        throw error(diagnostic{errc::protocol_error, "08S01", 461, step::statement, "The parameters of the call are incomplete", "", true, 0});
    take_rows();
}

call_result::call_result(call_result&&) noexcept = default;

call_result& call_result::operator=(call_result&& other) noexcept {
    if (this != &other) {
        const call_result old(std::move(*this));
        session_ = std::move(other.session_);
        state_ = std::move(other.state_);
        returns_ = other.returns_;
        output_ = std::move(other.output_);
        rows_ = std::move(other.rows_);
    }
    return *this;
}

call_result::~call_result() {
    try {
        close();
    } catch (const std::exception&) {
        // The connection is gone or in use; its end closes what is open on the server.
    }
}

void call_result::take_rows() {
    rows_ = state_->rows ? result(session_, state_->rows) : result();
}

std::span<const column> call_result::parameters() const noexcept {
    const std::span<const column> all = output_.columns();
    return returns_ ? all.subspan(1) : all;
}

std::size_t call_result::column_of(std::size_t parameter) const {
    if (parameter >= size())
        throw error(diagnostic{
            errc::bad_argument, "07009", 0, step::fetch, "The call has no parameter " + std::to_string(parameter), "Parameters count from 0.", false, 0});
    return parameter + (returns_ ? 1 : 0);
}

std::size_t call_result::return_column() const {
    if (!returns_) throw error(diagnostic{errc::bad_argument, "07009", 0, step::fetch, "The procedure returns no value", "", false, 0});
    return 0;
}

std::int64_t call_result::changed() const noexcept {
    return state_ ? state_->changed : -1;
}

bool call_result::next_result() {
    if (!state_) return false;
    const bool more = session_->run<bool>(session_->next_result(state_), step::statement);
    take_rows();
    return more;
}

void call_result::close() {
    if (!state_ || !session_) return;
    if (!session_->alive() || !session_->blocking()) {
        if (state_->rows) session_->abandon(*state_->rows);
        return;
    }
    if (!state_->more) {
        rows_.close();
        return;
    }
    session_->run(session_->close_call(state_), step::fetch, session_->end_of_upkeep());
    rows_ = result();
}

call_result connection::call_values(std::string_view procedure, std::span<const argument> arguments, std::int64_t max_rows) {
    auto& session = require();
    auto state = session.run<std::shared_ptr<driver::call_state>>(
        session.call(std::string(procedure), driver::encode(arguments, session.format()), {.max_rows = max_rows}), step::statement
    );
    return {session_, std::move(state)};
}

} // namespace irislink
