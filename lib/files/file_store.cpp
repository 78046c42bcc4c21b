// Writes to a temporary file beside the target, then renames it over the target.
#include "files/file_store.hpp"

#include "runtime/worker_pool.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace phial {
namespace {

// What a writer collects before it bothers the pool.
constexpr std::size_t block_size = 256 * 1024;

[[noreturn]] void fail(char const *what, std::filesystem::path const &path) {
    throw std::system_error(errno, std::generic_category(), std::string(what) + " " + path.string());
}

// A file descriptor.
class descriptor {
  public:
    explicit descriptor(int fd) noexcept : fd_(fd) {}
    descriptor(descriptor const &) = delete;
    descriptor &operator=(descriptor const &) = delete;
    ~descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] int get() const noexcept { return fd_; }

  private:
    int fd_;
};

} // namespace

// Lives on the pool: every member function blocks.
class file_writer::temporary {
  public:
    temporary(std::filesystem::path folder, std::string const &name)
        : folder_(std::move(folder)),
          target_(folder_ / name),
          path_((folder_ / ('.' + name + ".XXXXXX")).string()),
          file_(::mkostemp(path_.data(), O_CLOEXEC)) {
        if (file_.get() < 0) fail("cannot create a file in", folder_);
        if (::fchmod(file_.get(), 0644) == 0) return;
        auto const error = errno;
        ::unlink(path_.c_str());
        errno = error;
        fail("cannot set the permissions of", path_);
    }
    temporary(temporary const &) = delete;
    temporary &operator=(temporary const &) = delete;
    ~temporary() {
        if (!path_.empty()) ::unlink(path_.c_str());
    }

    void write(std::string_view bytes) {
        while (!bytes.empty()) {
            auto const n = ::write(file_.get(), bytes.data(), bytes.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) fail("cannot write", path_);
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
    }

    // The content first, then the name, then the folder that holds the name: at a power cut there is one of the two
    // files.
    void commit() {
        if (::fsync(file_.get()) != 0) fail("cannot flush", path_);
        if (::rename(path_.c_str(), target_.c_str()) != 0) fail("cannot replace", target_);
        path_.clear();
        descriptor const folder(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (folder.get() < 0 || ::fsync(folder.get()) != 0) fail("cannot flush", folder_);
    }

  private:
    std::filesystem::path folder_;
    std::filesystem::path target_;
    std::string path_; // empty: there is no temporary file
    descriptor file_;
};

file_writer::file_writer(worker_pool &pool, std::shared_ptr<temporary> file) : pool_(&pool), file_(std::move(file)) {
    block_.reserve(block_size);
}

file_writer::file_writer(file_writer &&) noexcept = default;

file_writer::~file_writer() {
    if (file_) pool_->submit([file = std::move(file_)]() noexcept {}); // closed and unlinked there
}

task<> file_writer::write(std::string_view bytes) {
    while (!bytes.empty()) {
        auto const taken = bytes.substr(0, block_size - block_.size());
        block_ += taken;
        bytes.remove_prefix(taken.size());
        if (block_.size() == block_size) co_await flush();
    }
}

// The block goes to the pool and comes back: when this coroutine is destroyed meanwhile, the pool still has its bytes.
task<> file_writer::flush() {
    auto work = [file = file_, block = std::move(block_)]() mutable {
        file->write(block);
        block.clear();
        return std::move(block);
    };
    block_ = co_await offload(*pool_, std::move(work));
}

task<> file_writer::commit() {
    if (!block_.empty()) co_await flush();
    auto work = [file = std::move(file_)]() mutable {
        file->commit();
        file.reset();
    };
    co_await offload(*pool_, std::move(work));
}

task<file_writer> file_store::create(std::string name) {
    auto work = [folder = folder_, name = std::move(name)] {
        return std::make_shared<file_writer::temporary>(folder, name);
    };
    auto file = co_await offload(pool_, std::move(work));
    co_return file_writer(pool_, std::move(file));
}

} // namespace phial
