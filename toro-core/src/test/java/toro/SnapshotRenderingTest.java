package toro;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import toro.Snapshot.CoroutineState;
import toro.Snapshot.Cycle;
import toro.Snapshot.Holder;
import toro.Snapshot.PrimitiveState;
import toro.Snapshot.State;
import toro.Snapshot.Wait;

/** How a snapshot is written and drawn. */
class SnapshotRenderingTest {
  private static final String NASTY = "\"q\" \\ <b>&`x`#{|}\n\u0001 é \ud83d\ude00";

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  /** All that there can be. */
  private static final Snapshot FULL =
      new Snapshot(
          Instant.EPOCH,
          List.of(
              new CoroutineState(1, null, State.RUNNING, Duration.ZERO, List.of()),
              new CoroutineState(
                  2,
                  "a to b",
                  State.WAITING,
                  millis(1500),
                  List.of(new Wait("p1", "p1 Lock[locked waiters[2]]", 1, millis(1500), null))),
              new CoroutineState(
                  3,
                  null,
                  State.WAITING,
                  millis(61_001),
                  List.of(
                      new Wait("c2", "Coroutine[2 \"a to b\"]", 0, millis(61_001), null),
                      new Wait(null, "its sleep to end", 0, millis(10), millis(5))))),
          List.of(
              new PrimitiveState(
                  "p1",
                  "Lock",
                  null,
                  "Lock[locked waiters[2]]",
                  List.of(new Holder("c2", millis(2000))),
                  List.of(new Wait("p1", "p1 Lock[locked waiters[2]]", 2, millis(1), millis(3)))),
              new PrimitiveState(
                  "p2",
                  "RWLock",
                  "jobs",
                  "RWLock[\"jobs\" writer]",
                  List.of(new Holder("c9", millis(0)), new Holder(null, millis(3_600_000))),
                  List.of())),
          List.of(
              new Cycle(List.of("c2", "p1"), null), new Cycle(List.of("c3", "c2"), millis(20))));

  private static Snapshot of(String text) {
    return new Snapshot(
        Instant.EPOCH,
        List.of(new CoroutineState(1, text, State.READY, Duration.ZERO, List.of())),
        List.of(new PrimitiveState("p1", "Queue", text, text, List.of(), List.of())),
        List.of());
  }

  @Test
  void asTextEachHasALineAndCyclesComeFirst() {
    assertThat(FULL)
        .hasToString(
            """
            3 coroutines, 2 primitives
            deadlock: Coroutine[2 "a to b"] -> p1 Lock[locked waiters[2]] -> Coroutine[2 "a to b"]
            cycle, 0.02s left: Coroutine[3] -> Coroutine[2 "a to b"] -> Coroutine[3]
            Coroutine[1] running
            Coroutine[2 "a to b"] waiting 1.5s for p1 Lock[locked waiters[2]], 1st in line
            Coroutine[3] waiting 1m1.001s
              for Coroutine[2 "a to b"]
              for its sleep to end, 0.005s left
            p1 Lock[locked waiters[2]]
              held 2s by Coroutine[2 "a to b"]
              a callback waiting 0.001s, 2nd in line, 0.003s left
            p2 RWLock["jobs" writer]
              held 0s by Coroutine[9 done]
              held 1h by a callback""");
    assertThat(new Snapshot(Instant.EPOCH, List.of(), List.of(), List.of()))
        .hasToString("0 coroutines, 0 primitives");
    assertThat(of("x").toString()).startsWith("1 coroutine, 1 primitive\n");
  }

  @Test
  void placesInLineAreCountedInEnglish() {
    int[] places = {1, 2, 3, 4, 10, 11, 12, 13, 21, 22, 23, 101, 111, 112, 1003, 1013};
    var text = new StringBuilder();
    for (int place : places) {
      text.append(SnapshotText.place(new Wait("p1", "", place, Duration.ZERO, null)));
    }
    assertThat(text.toString().replace(" in line", ""))
        .isEqualTo(
            ", 1st, 2nd, 3rd, 4th, 10th, 11th, 12th, 13th, 21st, 22nd, 23rd, 101st, 111th, 112th, 1003rd, 1013th");
  }

  @Test
  void asJsonItIsOneObject() {
    assertThat(FULL.toJson())
        .isEqualTo(
            """
            {"taken":"1970-01-01T00:00:00Z","coroutines":[\
            {"id":"c1","number":1,"name":null,"state":"running","ageMillis":0,"waits":[]},\
            {"id":"c2","number":2,"name":"a to b","state":"waiting","ageMillis":1500,"waits":[\
            {"target":"p1","what":"p1 Lock[locked waiters[2]]","position":1,"ageMillis":1500,"timeLeftMillis":null}]},\
            {"id":"c3","number":3,"name":null,"state":"waiting","ageMillis":61001,"waits":[\
            {"target":"c2","what":"Coroutine[2 \\"a to b\\"]","position":0,"ageMillis":61001,"timeLeftMillis":null},\
            {"target":null,"what":"its sleep to end","position":0,"ageMillis":10,"timeLeftMillis":5}]}],\
            "primitives":[\
            {"id":"p1","type":"Lock","name":null,"state":"Lock[locked waiters[2]]","holders":[\
            {"coroutine":"c2","ageMillis":2000}],"callbacks":[\
            {"target":"p1","what":"p1 Lock[locked waiters[2]]","position":2,"ageMillis":1,"timeLeftMillis":3}]},\
            {"id":"p2","type":"RWLock","name":"jobs","state":"RWLock[\\"jobs\\" writer]","holders":[\
            {"coroutine":"c9","ageMillis":0},{"coroutine":null,"ageMillis":3600000}],"callbacks":[]}],\
            "cycles":[{"members":["c2","p1"],"timeLeftMillis":null},\
            {"members":["c3","c2"],"timeLeftMillis":20}]}""");
  }

  @Test
  void inJsonEveryCharacterSurvives() {
    assertThat(of(NASTY).toJson())
        .contains(
            "\"name\":\"\\\"q\\\" \\\\ <b>&`x`#{|}\\u000a\\u0001 é \ud83d\ude00\",\"state\":\"ready\"");
    // Half a character is none, and parsers refuse it: it is told as a text.
    assertThat(of("\ud83d cut").toJson()).contains("\"\\\\ud83d cut\"");
    assertThat(of("cut \ude00").toJson()).contains("\"cut \\\\ude00\"");
    assertThat(of("cut \ud83d").toJson()).contains("\"cut \\\\ud83d\"");
    assertThat(of("\ude00").toJson()).contains("\"\\\\ude00\"");
    assertThat(of("\u0085\u2028").toJson()).contains("\"\\u0085\\u2028\"");
  }

  @Test
  void asMermaidItIsAFlowchart() {
    assertThat(FULL.toMermaid())
        .isEqualTo(
            """
            flowchart LR
              c1(["Coroutine#91;1#93; running"])
              c2(["Coroutine#91;2 #34;a to b#34;#93; waiting 1.5s"])
              c3(["Coroutine#91;3#93; waiting 1m1.001s"])
              x1["its sleep to end"]
              p1["Lock#91;locked waiters#91;2#93;#93;"]
              x2(["a callback"])
              p2["RWLock#91;#34;jobs#34; writer#93;"]
              x3(["a callback"])
              c9(["Coroutine#91;9 done#93;"])
              c2 -->|"1.5s, 1st in line"| p1
              linkStyle 0 stroke:red
              c3 -->|"1m1.001s"| c2
              linkStyle 1 stroke:red
              c3 -->|"0.01s, 0.005s left"| x1
              p1 -->|"held 2s"| c2
              linkStyle 3 stroke:red
              x2 -->|"0.001s, 2nd in line, 0.003s left"| p1
              p2 -->|"held 0s"| c9
              p2 -->|"held 1h"| x3
            """);
  }

  @Test
  void asDotItIsADirectedGraph() {
    assertThat(FULL.toDot())
        .isEqualTo(
            """
            digraph snapshot {
              rankdir=LR
              c1 [label="Coroutine[1] running"]
              c2 [label="Coroutine[2 \\"a to b\\"] waiting 1.5s"]
              c3 [label="Coroutine[3] waiting 1m1.001s"]
              x1 [label="its sleep to end" shape=box]
              p1 [label="Lock[locked waiters[2]]" shape=box]
              x2 [label="a callback"]
              p2 [label="RWLock[\\"jobs\\" writer]" shape=box]
              x3 [label="a callback"]
              c9 [label="Coroutine[9 done]"]
              c2 -> p1 [label="1.5s, 1st in line" color=red]
              c3 -> c2 [label="1m1.001s" color=red]
              c3 -> x1 [label="0.01s, 0.005s left"]
              p1 -> c2 [label="held 2s" color=red]
              x2 -> p1 [label="0.001s, 2nd in line, 0.003s left"]
              p2 -> c9 [label="held 0s"]
              p2 -> x3 [label="held 1h"]
            }
            """);
  }

  @Test
  void inGraphsNoTextBreaksOutOfItsLabelAndLongOnesAreCut() {
    for (String graph : List.of(of(NASTY).toMermaid(), of(NASTY).toDot())) {
      assertThat(graph.lines().filter(line -> line.startsWith("  p1"))).hasSize(1);
      assertThat(graph.lines().filter(line -> line.contains("\u0001"))).isEmpty();
    }
    assertThat(of(NASTY).toString().lines()).hasSize(3);
    assertThat(of(NASTY).toDot())
        .contains(
            "p1 [label=\"\\\"q\\\" \\\\ <b>&`x`#{|}\\\\n\\\\u0001 é \ud83d\ude00\" shape=box]");
    assertThat(of(NASTY).toMermaid())
        .contains(
            "p1[\"#34;q#34; #92; #60;b#62;#38;#96;x#96;#35;#123;#124;#125;#92;n#92;u0001 é \ud83d\ude00\"]");
    assertThat(of("x".repeat(100)).toDot()).contains("p1 [label=\"" + "x".repeat(59) + "…\" ");
  }
}
