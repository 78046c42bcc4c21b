// The buffer of what was read and not used.
#include "phial/server/inbox.hpp"

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <string>
#include <string_view>

using namespace phial;

namespace {

void arrive(inbox &in, std::string_view bytes) {
    auto const room = in.room(bytes.size());
    BOOST_REQUIRE(room.size() == bytes.size());
    std::memcpy(room.data(), bytes.data(), bytes.size());
    in.add(bytes.size());
}

} // namespace

BOOST_AUTO_TEST_SUITE(inboxes)

BOOST_AUTO_TEST_CASE(bytes_are_used_in_the_order_in_which_they_came) {
    inbox in;
    BOOST_TEST(in.empty());
    arrive(in, "GET /a");
    arrive(in, "GET /b");
    BOOST_TEST(in.unread() == "GET /aGET /b");
    in.use(6);
    BOOST_TEST(in.unread() == "GET /b");
    BOOST_TEST(in.size() == 6U);
    in.use(6);
    BOOST_TEST(in.empty());
}

BOOST_AUTO_TEST_CASE(it_takes_as_much_as_it_has_room_for) {
    inbox in;
    BOOST_TEST(in.room(10).size() == 10U);
    arrive(in, std::string(inbox::capacity - 3, 'x'));
    BOOST_TEST(in.room(10).size() == 3U);
    in.use(in.size()); // used bytes keep their place: views of the request point there
    BOOST_TEST(in.room(10).size() == 3U);
}

BOOST_AUTO_TEST_CASE(the_body_gets_its_room_again_and_the_head_stays) {
    inbox in;
    arrive(in, "head");
    auto const head = in.unread();
    in.use(4);
    in.mark_body();
    arrive(in, std::string(inbox::capacity - 4, 'x'));
    in.use(10);
    in.make_room();
    BOOST_TEST(in.size() == inbox::capacity - 14); // not all of it is used yet
    in.use(in.size());
    in.make_room();
    BOOST_TEST(in.room(inbox::capacity).size() == inbox::capacity - 4);
    arrive(in, "more");
    BOOST_TEST(in.unread() == "more");
    BOOST_TEST(head == "head");
}

BOOST_AUTO_TEST_CASE(it_begins_again_with_what_was_kept_elsewhere) {
    inbox in;
    arrive(in, "something else");
    in.restart("GET");
    BOOST_TEST(in.unread() == "GET");
    arrive(in, " /");
    BOOST_TEST(in.unread() == "GET /");
    in.restart({});
    BOOST_TEST(in.empty());
}

BOOST_AUTO_TEST_CASE(what_is_unread_can_be_moved_to_the_front) {
    inbox in;
    in.restart("used,unread");
    BOOST_TEST(!in.is_short_after(0, inbox::capacity + 1)); // it is at the front
    in.use(5);
    BOOST_TEST(in.is_short_after(6, inbox::capacity - 10));
    BOOST_TEST(!in.is_short_after(6, inbox::capacity - 11));
    in.move_to_front();
    BOOST_TEST(in.unread() == "unread");
    BOOST_TEST(in.room(inbox::capacity).size() == inbox::capacity - 6);
    in.move_to_front();
    BOOST_TEST(in.unread() == "unread");
}

BOOST_AUTO_TEST_SUITE_END()
