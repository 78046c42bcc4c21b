// expect: is not a constant expression
#include "phial/http/response.hpp"

using namespace phial;

response answer() {
    char type[] = "text/plain";
    return response(type, "body");
}
