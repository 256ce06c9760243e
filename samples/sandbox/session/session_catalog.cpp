#include "samples/sandbox/session/catalog_queries.hpp"
#include "samples/sandbox/session/session.hpp"
#include "wire/messages/catalog.hpp"

namespace irislink::sandbox {

// Message 1: an ignored integer and the columns; message 2: the rows. More by SF (wire-sql 7.1).
void session::catalog(const wire::message& in) {
    const auto request = decode<wire::catalog_request>(in);
    const auto sql = find_catalog_query(in.code);
    if (sql.empty()) throw sql::sql_error(400, "Unknown xDBC function: " + in.code.name(), "ServerLoop");
    statement made;
    made.text = std::string(sql);
    made.compiled = engine_->prepare(made.text);
    std::vector<sql::sql_value> parameters(request.arguments.begin(), request.arguments.end());
    // A missing trailing argument asks for everything; too many are ignored, as clients of older
    // servers send them.
    parameters.resize(made.compiled->parameters().size(), sql::sql_value(std::string("%")));
    engine_->set_deadline(std::nullopt);
    made.columns = made.compiled->columns();
    for (auto& each : made.columns) each.name = each.label; // the names that JDBC and ODBC give them
    made.rows = engine_->open(*made.compiled, parameters);
    made.opened = ++opened_;
    drop(in.statement);
    auto& st = statements_[in.statement] = std::move(made);
    wire::catalog_reply out;
    out.columns = describe_columns(st.columns);
    reply(in, out);
    send_rows(in, st);
}

} // namespace irislink::sandbox
