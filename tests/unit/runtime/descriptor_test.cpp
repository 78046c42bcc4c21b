#include "phial/runtime/descriptor.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <utility>

namespace {

phial::descriptor opened() { return phial::descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

} // namespace

BOOST_AUTO_TEST_SUITE(descriptors)

BOOST_AUTO_TEST_CASE(it_is_closed_with_its_owner) {
    int fd = -1;
    {
        auto const owner = opened();
        fd = owner.get();
        BOOST_TEST(is_open(fd));
    }
    BOOST_TEST(!is_open(fd));
}

BOOST_AUTO_TEST_CASE(it_moves) {
    auto first = opened();
    int const fd = first.get();
    phial::descriptor second(std::move(first));
    BOOST_TEST(second.get() == fd);
    auto other = opened();
    int const before = other.get();
    other = phial::descriptor(std::move(second));
    BOOST_TEST(other.get() == fd);
    BOOST_TEST(is_open(fd));
    BOOST_TEST(!is_open(before));
}

BOOST_AUTO_TEST_SUITE_END()
