// expect: is not a constant expression
#include "http/response.hpp"

using namespace phial;

response answer() {
    char type[] = "text/plain";
    return response(type, "body");
}
