// expect: expression '<throw-expression>' is not a constant expression
#include "phial/http/response.hpp"

phial::response rs() { return phial::response().add("Content-Length: 1"); }
