// main() of every unit test program.
#define BOOST_TEST_MODULE phial
#include <boost/test/unit_test.hpp>
