#pragma once
// Sets of a batch that are made when they are read, and can be read once: no more than a batch asks of a range. (A view of
// the standard library would do, but clang 14 cannot compile those of libstdc++ 12.)

#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>

namespace irislink::test {

// make(0) to make(count - 1)
template <class Make> class made_sets {
public:
    class iterator {
    public:
        using value_type = std::invoke_result_t<const Make&, int>;
        using difference_type = std::ptrdiff_t;

        explicit iterator(const made_sets* from = nullptr) : from_(from) {}

        value_type operator*() const { return from_->make_(at_); }

        iterator& operator++() {
            ++at_;
            return *this;
        }

        void operator++(int) { ++*this; }

        bool operator==(std::default_sentinel_t) const { return at_ == from_->count_; }

    private:
        const made_sets* from_;
        int at_{0};
    };

    made_sets(int count, Make make) : count_(count), make_(std::move(make)) {}

    [[nodiscard]] iterator begin() const { return iterator(this); }

    [[nodiscard]] static std::default_sentinel_t end() { return {}; }

private:
    int count_;
    Make make_;
};

} // namespace irislink::test
