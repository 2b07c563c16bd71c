/// Everything a key or the palette can ask for, by what it means; raw values are the names in a keys file.
public enum Command: String, Hashable, Sendable, CaseIterable {
  // Everywhere
  case moveDown = "move-down"
  case moveUp = "move-up"
  case moveLeft = "move-left"
  case moveRight = "move-right"
  case pageDown = "page-down"
  case pageUp = "page-up"
  case halfPageDown = "half-page-down"
  case halfPageUp = "half-page-up"
  case top, bottom
  case nextPanel = "next-panel"
  case previousPanel = "previous-panel"
  case onePanel = "one-panel"
  case open, back, filter, palette, help, undo, redo, copy, reload, sync, redraw, suspend, quit
  case table, theme, mouse, tour
  case goModels = "go-models"
  case goReview = "go-review"
  case goDrift = "go-drift"
  case goOutbox = "go-outbox"
  case goInbox = "go-inbox"
  case goFeedback = "go-feedback"
  case goDrafts = "go-drafts"
  case jumpBack = "jump-back"
  case jumpOn = "jump-on"
  case setMark = "set-mark"
  case goToMark = "go-to-mark"
  case plainView = "plain-view"
  case goLog = "go-log"
  case goSearch = "search"
  // Models
  case infer, drift, review, load
  case allowDetectors = "allow-detectors"
  case sortColumn = "sort-column"
  case reverseSort = "reverse-sort"
  // Infer
  case send
  case sendAndExplain = "send-and-explain"
  case generate
  case editJSON = "edit-json"
  case openFile = "open-file"
  case history
  case sendAnyway = "send-anyway"
  // Case and Review
  case agree, disagree, unsure, skip, confidence, reasons, note, save, flag, reveal, guideline
  case nextExplanation = "next-explanation"
  case markSpurious = "mark-spurious"
  case markMissing = "mark-missing"
  case markWrongSign = "mark-wrong-sign"
  case markAgrees = "mark-agrees"
  case otherFlips = "other-flips"
  case whatIf = "what-if"
  case repeatVerdict = "repeat-verdict"
  case takeOff = "take-off"
  /// Say what is right where judges differ.
  case decide
  case nextCase = "next-case"
  case previousCase = "previous-case"
  // Review
  case toggleMarked = "toggle-marked"
  case applyToMarked = "apply-to-marked"
  case blind
  case composeQueue = "compose-queue"
  case sortQueue = "sort-queue"
  // Drift
  case windowWidth = "window-width"
  case outliers, snapshot, baseline
  case rules = "drift-rules"
  // Outbox
  case retry, choose
  case openCase = "open-case"
  case exportOutbox = "export-outbox"
  // Inbox
  case take
  // Feedback
  case nextSlice = "next-slice"
  case nextPeriod = "next-period"
  case nextVersion = "next-version"
  case orderSlices = "order-slices"
  case exportReport = "export-report"
}
