// What Debian 13's libdw.a lacks: elfutils 0.192 calls these four functions, which are in a library of its build that
// is not installed, and left them out of libdw.a. The build takes this file only where libdw.a does not link without
// it.
#include <search.h>

extern "C" {

// In elfutils it also has a lock. None is needed here: only one thread uses an object_file (symbols.cpp).
struct search_tree {
    void *root;
};

using comparison = int (*)(void const *, void const *);

void eu_search_tree_init(search_tree *tree) { tree->root = nullptr; }
void eu_search_tree_fini(search_tree *tree, void (*free_node)(void *)) { tdestroy(tree->root, free_node); }
void *eu_tsearch(void const *key, search_tree *tree, comparison compare) { return tsearch(key, &tree->root, compare); }
void *eu_tfind(void const *key, search_tree *tree, comparison compare) { return tfind(key, &tree->root, compare); }

} // extern "C"
