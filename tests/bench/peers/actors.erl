%% Ping-pong, ring and fan-in between Erlang processes; one figure a run:
%%   erl +S 1 -noshell -s actors main WHAT MESSAGES KEEP
%% KEEP is `none`, or a file that receives a time-stamped record of every send and receive.
-module(actors).
-behaviour(gen_server).
-export([main/1, init/1, handle_call/3, handle_cast/2]).

main([What, Messages, Keep]) ->
    N = list_to_integer(atom_to_list(Messages)),
    Us = run(What, N, Keep),
    io:format("M ns ~.2f~n", [Us * 1000 / N]),
    halt(0).

trace(none, _) -> ok;
trace(File, Pids) ->
    Open = dbg:trace_port(file, atom_to_list(File)),
    Port = Open(),
    [erlang:trace(P, true, [send, 'receive', timestamp, {tracer, Port}]) || P <- Pids],
    ok.

timed(F) ->
    T0 = erlang:monotonic_time(microsecond),
    F(),
    erlang:monotonic_time(microsecond) - T0.

%% Two processes bounce a number down to zero.
run(ping_pong, N, Keep) ->
    Me = self(),
    B = spawn(fun pong/0),
    A = spawn(fun() -> receive go -> ok end, ping(B, N div 2), Me ! done end),
    trace(Keep, [A, B]),
    timed(fun() -> A ! go, receive done -> ok end end);
%% A token goes round a thousand processes, N hops in all.
run(ring, N, Keep) ->
    Me = self(),
    First = spawn(fun() -> receive {next, P} -> hop(P, Me) end end),
    Join = fun(_, {Prev, All}) -> P = spawn(fun() -> hop(Prev, Me) end), {P, [P | All]} end,
    {Last, All} = lists:foldl(Join, {First, [First]}, lists:seq(2, 1000)),
    First ! {next, Last},
    trace(Keep, All),
    timed(fun() -> First ! {token, N}, receive done -> ok end end);
%% A hundred senders, N messages in all, one gen_server that keeps a count and a sum.
run(fan_in, N, Keep) ->
    {ok, S} = gen_server:start_link(?MODULE, [], []),
    Me = self(),
    Each = N div 100,
    Send = fun() -> receive go -> ok end, casts(S, Each), Me ! done end,
    Ps = [spawn(Send) || _ <- lists:seq(1, 100)],
    trace(Keep, [S | Ps]),
    timed(fun() ->
        [P ! go || P <- Ps],
        [receive done -> ok end || _ <- Ps],
        wait(S, N)
    end).

ping(_, 0) -> ok;
ping(B, N) -> B ! {self(), ping, N}, receive {pong, N} -> ping(B, N - 1) end.
pong() -> receive {From, ping, I} -> From ! {pong, I}, pong() end.
hop(Next, Me) ->
    receive
        {token, 0} -> Me ! done;
        {token, K} -> Next ! {token, K - 1}, hop(Next, Me)
    end.
casts(_, 0) -> ok;
casts(S, N) -> gen_server:cast(S, {add, N}), casts(S, N - 1).
wait(S, Want) -> case gen_server:call(S, count, infinity) of Want -> ok; _ -> wait(S, Want) end.

init(_) -> {ok, #{count => 0, sum => 0}}.
handle_cast({add, V}, #{count := C, sum := T} = M) -> {noreply, M#{count := C + 1, sum := T + V}}.
handle_call(count, _, #{count := C} = M) -> {reply, C, M}.
