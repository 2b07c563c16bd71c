internal import Frames

extension Keymap {
  /// The keys as shipped.
  public static let standard = Keymap(
    (everywhere + models + infer + judging(.case) + inCase + judging(.review) + lists).map { Binding($0) })

  private static let everywhere: [Row] = [
    Row(.everywhere, "j ↓", .moveDown, "down", "Move down one row"),
    Row(.everywhere, "k ↑", .moveUp, "up", "Move up one row"),
    Row(.everywhere, "[", .jumpBack, "back to", "Go back to where you were before a jump"),
    Row(.everywhere, "]", .jumpOn, "on to", "Go on to where you jumped back from"),
    Row(.everywhere, "m", .setMark, "set mark", "Give this place a letter, to come back to"),
    Row(.everywhere, "'", .goToMark, "go to mark", "Go to the place with a letter"),
    Row(.everywhere, "^D", .halfPageDown, "half down", "Move down half a page"),
    Row(.everywhere, "^U", .halfPageUp, "half up", "Move up half a page"),
    Row(.everywhere, "PgDn ^F", .pageDown, "page down", "Move down one page"),
    Row(.everywhere, "PgUp ^B", .pageUp, "page up", "Move up one page"),
    Row(.everywhere, "g+g Home", .top, "top", "Go to the first row"),
    Row(.everywhere, "G End", .bottom, "bottom", "Go to the last row"),
    Row(.everywhere, "Enter", .open, "open", "Open what is selected"),
    Row(.everywhere, "Tab", .nextPanel, "panel", "Where one panel stands alone: turn to the next"),
    Row(.everywhere, "S-Tab", .previousPanel, "panel before", "Turn to the panel before"),
    Row(.everywhere, "O", .onePanel, "one panel", "Show one panel large, or all of them again"),
    Row(.everywhere, "Esc q", .back, "back", "Leave this screen for the one before; q on the first one ends mds"),
    Row(.everywhere, ":", .palette, "command", "Run any command by name"),
    Row(.everywhere, "?", .help, "help", "Show the keys of this screen"),
    Row(.everywhere, "z", .undo, "undo", "Take back the last saved judgement"),
    Row(.everywhere, "Z", .redo, "redo", "Put back what was taken back"),
    Row(.everywhere, "y", .copy, "copy", "Copy the screen as plain text"),
    Row(.everywhere, "Y", .plainView, "plain view", "Show the screen as plain text in $PAGER"),
    Row(.everywhere, "t", .table, "table", "Show the screen as tables, charts in numbers"),
    Row(.everywhere, "R", .reload, "reload", "Read this screen's data again"),
    Row(.everywhere, "S", .sync, "sync now", "Sync the ledger with the collector now"),
    Row(.everywhere, "", .theme, "theme", "Choose a theme; each is shown as it would look"),
    Row(.everywhere, "", .tour, "first lines", "Show the three lines for a first visit again"),
    Row(.everywhere, "F12", .mouse, "mouse", "Listen to clicks and the wheel, or leave them to the terminal"),
    Row(.everywhere, "^L", .redraw, "redraw", "Draw the whole screen again"),
    Row(.everywhere, "^Z", .suspend, "suspend", "Suspend to the shell"),
    Row(.everywhere, "^C", .quit, "quit", "Quit; drafts are kept"),
    Row(.everywhere, "g+m", .goModels, "models", "Go to the models"),
    Row(.everywhere, "g+r", .goReview, "review", "Go to the review queue"),
    Row(.everywhere, "g+d", .goDrift, "drift", "Go to the drift of the model in view"),
    Row(.everywhere, "g+o", .goOutbox, "outbox", "Go to the outbox"),
    Row(.everywhere, "g+i", .goInbox, "inbox", "Go to what the researchers ask and publish"),
    Row(.everywhere, "g+f", .goFeedback, "feedback", "Go to what analysts say of the model in view"),
    Row(.everywhere, "g+n", .goDrafts, "not saved", "Go on with judgements that were begun and not saved"),
    Row(.everywhere, "g+s", .goSearch, "search", "Search cases and what was said of them"),
    Row(.everywhere, "g+l", .goLog, "log", "Go to what happened in this session, problems in full"),
  ]

  private static let models: [Row] = [
    Row(.models, "/", .filter, "filter", "Filter the list as you type"),
    Row(.models, "i", .infer, "infer", "Ask the model: fill in its form"),
    Row(.models, "d", .drift, "drift", "Show the model's drift"),
    Row(.models, "r", .review, "review", "Review the model's cases"),
    Row(.models, "s", .sortColumn, "sort", "Sort by the next column"),
    Row(.models, "o", .reverseSort, "reverse", "Reverse the order"),
    Row(.models, "L", .load, "load, unload", "Load the model into its server or unload it; asks first"),
    Row(.models, "A", .allowDetectors, "allow detectors", "Let detectors be asked that may keep state; asks first"),
  ]

  private static let infer: [Row] = [
    Row(.infer, "h ←", .moveLeft, "value before", "Turn a choice to the value before"),
    Row(.infer, "l →", .moveRight, "value after", "Turn a choice to the value after"),
    Row(.infer, "x", .send, "send", "Send the input and show the answer here"),
    Row(.infer, "X", .sendAndExplain, "send, explain", "Send the input and open the case with its explanation"),
    Row(.infer, "s", .generate, "stream", "Send a text and show the answer while it comes; Esc stops"),
    Row(.infer, "e", .editJSON, "JSON", "Edit the request as JSON in $EDITOR"),
    Row(.infer, "o", .openFile, "file", "Fill the form from a file; score it where it is long"),
    Row(.infer, "r", .review, "cases", "Open the cases that a scored file made, or that of the last answer"),
    Row(.infer, "H", .history, "history", "Recall one of the last inputs"),
    Row(.infer, "f", .sendAnyway, "send anyway", "Send values outside their range"),
    Row(.infer, "J", .nextCase, "next row", "Put the next row of the opened file into the form"),
    Row(.infer, "K", .previousCase, "row before", "Put the row before into the form"),
  ]

  private static let inCase: [Row] = [
    Row(.case, "h ←", .moveLeft, "class before", "Show the class before"),
    Row(.case, "l →", .moveRight, "class after", "Show the class after"),
    Row(.case, "e", .nextExplanation, "next why", "Show the next explanation"),
    Row(.case, "o", .otherFlips, "other flips", "Look for one value whose change flips the answer"),
    Row(.case, "w", .whatIf, "what-if", "Ask the model with the selected value changed"),
    Row(.case, "D", .decide, "decide", "Decide what is right where judges differ; nobody's judgement is changed"),
    Row(.case, "Tab", .nextPanel, "panel", "Turn to the next panel under the explanation"),
    Row(.case, "S-Tab", .previousPanel, "panel before", "Turn to the panel before"),
  ]

  private static let lists: [Row] = [
    Row(.review, "space", .toggleMarked, "mark", "Mark the case, for A"),
    Row(.review, "A", .applyToMarked, "to marked", "Give this verdict to every marked case"),
    Row(.review, "B", .blind, "blind", "Hide answers until yours is given, or show them"),
    Row(.review, "Q", .composeQueue, "queue", "Compose another queue"),
    Row(.review, "b", .sortQueue, "sort", "Sort the queue: as composed, by chance; newest; least certain"),
    Row(.review, "h ←", .moveLeft, "feature before", "Choose the feature that a mark goes on"),
    Row(.review, "l →", .moveRight, "feature after", "Choose the next feature for a mark"),
    Row(.review, "v", .reveal, "reveal", "Look at the model's answer before yours; this is recorded"),
    Row(.drift, "h ←", .moveLeft, "window before", "Show the window before"),
    Row(.drift, "l →", .moveRight, "window after", "Show the window after"),
    Row(.drift, "w", .windowWidth, "width", "Windows of 1 h, 6 h or 1 d"),
    Row(.drift, "o", .outliers, "outliers", "Chart the share of outliers, or the feature again"),
    Row(
      .drift, "b", .baseline, "baseline", "Compare with the window in view, with all before it, or as the detector does"
    ),
    Row(.drift, "p", .rules, "rules", "Compare with a baseline as alibi, Evidently, NannyML or whylogs would"),
    Row(.drift, "s", .snapshot, "snapshot", "Write the report as JSON into the folder mds was started in"),
    Row(.drift, "Q", .composeQueue, "queue", "Review the model's cases from windows that drifted"),
    Row(.outbox, "r", .retry, "retry", "Offer a refused event again"),
    Row(.outbox, "Enter", .open, "event", "Show the event in full"),
    Row(.outbox, "o", .openCase, "case", "Open the case of the event"),
    Row(.outbox, "e", .exportOutbox, "export", "Write what the collector lacks as a signed bundle, to be carried"),
    Row(.outbox, "c", .choose, "choose", "Choose between versions of your own word from two devices"),
    Row(.inbox, "n", .note, "answer", "Write the answer to a question; Enter saves it as an event"),
    Row(.inbox, "T", .take, "take", "Take a queue: records, answers and why, to review without the network"),
    Row(.search, "/", .filter, "search", "Type what is looked for"),
    Row(.log, "Enter", .open, "in full", "Show the line in full over the screen"),
    Row(.feedback, "h ←", .moveLeft, "model before", "Show the model before"),
    Row(.feedback, "l →", .moveRight, "model after", "Show the model after"),
    Row(.feedback, "s", .nextSlice, "slice", "Slice by the next kind: answer, version, analyst … inputs"),
    Row(.feedback, "o", .orderSlices, "order", "Order the slices: worst first, most cases, by name"),
    Row(.feedback, "p", .nextPeriod, "period", "Look at all time, the last 90, 30 or 7 days"),
    Row(.feedback, "v", .nextVersion, "version", "Show the next version alone, or all together"),
    Row(.feedback, "e", .exportReport, "export", "Write the report as JSON into the folder mds was started in"),
  ]

  private static func judging(_ scope: Scope) -> [Row] {
    [
      Row(scope, "a", .agree, "agree", "Agree with the model's answer"),
      Row(scope, "d", .disagree, "disagree", "Disagree: the right label's digit or number, s for none; Esc leaves"),
      Row(scope, "u", .unsure, "unsure", "Say that you cannot tell"),
      Row(scope, "x", .skip, "skip", "Skip: 1 for me, 2 for others too"),
      Row(scope, "c", .confidence, "confidence", "Set the confidence, 1 to 5"),
      Row(scope, "r", .reasons, "reasons", "Set reasons by their digits"),
      Row(scope, "n", .note, "note", "Write a note"),
      Row(scope, "s", .save, "save, next", "Save the judgement and go to the next case"),
      Row(scope, "f", .flag, "flag", "Flag the case (!) for another look, or take the flag down"),
      Row(scope, "p", .guideline, "guideline", "Read the researchers' guideline for this model"),
      Row(scope, "!", .markSpurious, "spurious", "Mark the chosen feature: it should not count"),
      Row(scope, "+", .markMissing, "missing", "Mark the chosen feature: it should count more"),
      Row(scope, "~", .markWrongSign, "wrong sign", "Mark the chosen feature: it counts the wrong way"),
      Row(scope, "=", .markAgrees, "agrees", "Mark the chosen feature: as it should be"),
      Row(scope, ".", .repeatVerdict, "again", "Give the verdict that was saved last; s saves it"),
      Row(scope, "Bksp", .takeOff, "take off", "Take off the verdict that is not saved; note and marks stay"),
      Row(scope, "J", .nextCase, "next case", "Go to the next case"),
      Row(scope, "K", .previousCase, "case before", "Go to the case before"),
    ]
  }
}

/// A row of the table as it is written down: sequences apart by spaces, keys of a sequence joined by `+`.
struct Row {
  var scope: Scope
  var keys: String
  var command: Command
  var hint: String
  var meaning: String

  init(_ scope: Scope, _ keys: String, _ command: Command, _ hint: String, _ meaning: String) {
    self.scope = scope
    self.keys = keys
    self.command = command
    self.hint = hint
    self.meaning = meaning
  }
}

extension Binding {
  init(_ row: Row) {
    let sequences = row.keys.split(separator: " ").map { sequence in
      sequence == "+" ? [Key("+")].compactMap(\.self) : sequence.split(separator: "+").compactMap { Key(String($0)) }
    }
    self.init(scope: row.scope, keys: sequences, command: row.command, hint: row.hint, meaning: row.meaning)
  }
}
