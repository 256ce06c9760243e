// Catalog functions: a query the server makes itself (wire-sql 7).

#include "driver/session/session_io.hpp"
#include "wire/messages/catalog.hpp"

namespace irislink::driver {

asio::awaitable<std::shared_ptr<result_state>> session::catalog(catalog_function which, std::vector<std::string> arguments, catalog_form form) {
    require_alive(step::statement);
    co_await settle();
    wire::catalog_request request;
    request.arguments = std::move(arguments);
    const auto letters = code_of(which, form);
    const wire::function_code code{static_cast<std::uint16_t>(static_cast<unsigned char>(letters[0]) | static_cast<unsigned char>(letters[1]) << 8U)};
    cached_statement plan;
    plan.id = fresh_statement();
    begin_statement(plan.id);
    const auto message_id = put_as(code, request, plan.id);
    co_await send(step::statement);
    auto reply = co_await receive(step::statement);
    expect(reply, message_id, plan.id);
    if (reply.status() != wire::status::ok && reply.status() != wire::status::end_of_data) {
        release_statement(plan.id);
        co_await raise(reply.status(), step::statement);
    }
    wire::catalog_reply described;
    decode(reply, described, step::statement);
    take_columns(plan, described.columns, {});
    auto out = make_result(plan, true);
    out->more = wire::procedure_fetch_request::code;
    reply = co_await receive_block(out, message_id, step::statement);
    const auto status = reply.status();
    if (status != wire::status::ok && status != wire::status::end_of_data) release_statement(plan.id);
    co_await take_block(out, reply.body, status);
    co_return out;
}

} // namespace irislink::driver
