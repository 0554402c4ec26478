// What the words do: one function for each, in the file that its comment names.
#pragma once

#include "session/session.h"
#include "session/word.h"

namespace lexum {

// move.cpp
Result<Verdict> do_run(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_step(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_stepi(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_next_tick(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_reverse_next_tick(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_hop(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_reverse_hop(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_reverse_step(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_reverse_stepi(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_continue(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_reverse_continue(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_until(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_finish(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_goto(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_break(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_watch(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_catch(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_delete(Session& session, const Said& said, Reply& reply);
// here.cpp
Result<Verdict> say_where(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_print(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_tail(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_hash(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_replay(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_help(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_quit(Session& session, const Said& said, Reply& reply);
// rewrite.cpp
Result<Verdict> do_define(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_statement(Session& session, const Said& said, Reply& reply);
// learn.cpp
Result<Verdict> do_learn(Session& session, const Said& said, Reply& reply);
// look.cpp
Result<Verdict> say_state(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_goals(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_list(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_mailbox(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_graph(Session& session, const Said& said, Reply& reply);
// keep.cpp
Result<Verdict> do_snapshot(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_save(Session& session, const Said& said, Reply& reply);
// ask.cpp
Result<Verdict> say_last(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_next_write(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_first(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_all(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_hits(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_info(Session& session, const Said& said, Reply& reply);
// why.cpp
Result<Verdict> say_why(Session& session, const Said& said, Reply& reply);
// whynot.cpp
Result<Verdict> say_whynot(Session& session, const Said& said, Reply& reply);
// path.cpp
Result<Verdict> say_path(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_bisect(Session& session, const Said& said, Reply& reply);
// find.cpp
Result<Verdict> say_find(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_export(Session& session, const Said& said, Reply& reply);
// branch.cpp
Result<Verdict> say_fork(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_drop(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_delay(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_dup(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_swap(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_set(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_send(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_crash(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_revive(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_patch(Session& session, const Said& said, Reply& reply);
Result<Verdict> do_switch(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_diff(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_shrink(Session& session, const Said& said, Reply& reply);

}  // namespace lexum
