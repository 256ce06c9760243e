#pragma once
// From the buffers that APD and IPD describe to the values that are sent: one set or an array of them,
// with the pieces of data at execution in their places.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "driver/session/session.hpp"
#include "odbc/bind/rowset_writer.hpp"
#include "odbc/convert/parameter.hpp"
#include "odbc/descriptor/descriptor.hpp"

namespace irislink::odbc {

// What SQLPutData brought for one parameter.
struct put_value {
    bool null{false};
    bool given{false};
    std::string bytes; // in the parameter's C type
};

// By parameter number, from 1.
using put_values = std::map<SQLSMALLINT, put_value>;

// Where a program is told what became of its sets of parameters, which count from 0 here: SQL_ATTR_PARAM_STATUS_PTR and
// SQL_ATTR_PARAMS_PROCESSED_PTR.
class set_report {
public:
    explicit set_report(const descriptor_header& ipd) : status_(ipd.array_status_ptr), processed_(ipd.rows_processed_ptr) {}

    void mark(SQLULEN set, SQLUSMALLINT as) const noexcept {
        if (status_ != nullptr) status_[set] = as;
    }

    void processed(SQLULEN sets) const noexcept {
        if (processed_ != nullptr) *processed_ = sets;
    }

    // `set` is the last one that was looked at.
    void reached(SQLULEN set) const noexcept { processed(set + 1); }

private:
    SQLUSMALLINT* status_;
    SQLULEN* processed_;
};

// Keeps what it needs of the descriptors, the value of the offset included: between SQLExecute and the last SQLParamData a
// program may change or free them, and the execution under way goes by what they said when it began.
class parameter_reader {
public:
    // `outputs`: parameters that come out are allowed, as calls of procedures have them. Throws 07002 when a
    // marker has no parameter, 07006, HYC00 for output parameters of other statements.
    parameter_reader(const descriptor& apd, const descriptor& ipd, std::uint32_t markers, bool outputs = false);

    // Of a prepared statement, what the server takes at each marker. Text for a number may be longer than its column:
    // DBD::ODBC declares the precision as the size, without sign and point, and nothing is lost.
    void suit(const std::vector<wire::parameter_description>& expected);

    // Parameters of set `index` whose value is to come by SQLPutData.
    [[nodiscard]] std::vector<SQLSMALLINT> at_execution(SQLULEN index) const;
    // Appends the values of a set; throws odbc_error with the parameter's number in it, leaving `out` alone.
    void append(driver::encoded_parameters& out, SQLULEN index, const put_values& put, const wire::session_format& format) const;
    // Appends the value of one parameter of a call: the undefined item for what only comes out and for
    // SQL_DEFAULT_PARAM. `index`: the set. Throws odbc_error.
    void append_argument(wire::writer& items, SQLSMALLINT number, SQLULEN index, const put_values& put) const;
    // The address that SQLParamData gives back for a parameter.
    [[nodiscard]] SQLPOINTER token_of(SQLSMALLINT number, SQLULEN index) const;

    // Of the parameters' buffers, whose offset is in the addresses already: how many sets there are, and which of them to leave out.
    [[nodiscard]] const descriptor_header& buffers() const noexcept { return buffers_; }

    [[nodiscard]] const set_report& report() const noexcept { return report_; }

    // From now on it is told there.
    void report_to(const set_report& other) noexcept { report_ = other; }

    // Where a parameter of a call comes out in set `index`; nothing for one that only goes in, or comes out as a stream.
    [[nodiscard]] std::optional<target> output_of(SQLSMALLINT number, SQLULEN index) const;

    // Comes out by SQLParamData and SQLGetData.
    [[nodiscard]] bool is_stream(SQLSMALLINT number) const;

    [[nodiscard]] SQLSMALLINT c_type_of(SQLSMALLINT number) const { return plan_[static_cast<std::size_t>(number) - 1].c_type; }

private:
    struct bound_parameter {
        SQLPOINTER data;
        SQLLEN* indicator;
        SQLLEN* length;
        // All but the value's address and length.
        parameter declared;
        parameter_fn convert;
        SQLSMALLINT c_type;
        SQLLEN element;
        SQLSMALLINT direction;
    };

    [[nodiscard]] value value_of(std::size_t index_of_parameter, SQLULEN index, const put_values& put, SQLLEN length) const;

    // *indicator or *length, whichever says something; SQL_NTS without either.
    [[nodiscard]] SQLLEN length_of(const bound_parameter& of, SQLULEN index) const;

    descriptor_header buffers_;
    set_report report_;
    std::vector<bound_parameter> plan_;
};

} // namespace irislink::odbc
