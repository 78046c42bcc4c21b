// Opens a file and makes the response to a request for it. Private to the module; everything here blocks: it is for the
// worker pool.
#pragma once

#include "phial/files/beneath.hpp"
#include "phial/files/static_files.hpp"
#include "phial/http/http_error.hpp"
#include "phial/http/memory_account.hpp"
#include "phial/http/preconditions.hpp"
#include "phial/http/request.hpp"
#include "phial/http/response.hpp"

#include <memory>
#include <string>
#include <variant>

namespace phial {

class worker_pool;

/// What a request asks of a file, copied: the request may be gone before the disk has responded.
struct file_query {
    file_query(request const &rq, std::string file, std::shared_ptr<static_options const> rules);

    std::string path;
    std::shared_ptr<open_folder const> folder = nullptr; // which `path` is below; null: the service names the file
    std::shared_ptr<static_options const> options;
    phial::preconditions conditions;
    std::string range; // empty: none, or it does not apply to the method
    std::string accept_encoding;
    std::string redirection; // where a client is redirected to if `path` is a folder with an index; empty: nowhere
    bool wants_content;
    std::shared_ptr<memory_account> memory;
    memory_share copied; // of the request's fields
};

using file_answer = std::variant<response, http_error>;

/// What send_file says; a body is read on `pool`, too. Throws std::system_error when the disk fails.
[[nodiscard]] file_answer answer_with_file(file_query const &query, worker_pool &pool);

} // namespace phial
