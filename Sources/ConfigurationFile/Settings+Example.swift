extension Settings {
  /// A file to begin with: every setting, explained.
  public static let example = """
    # The configuration of mds. `mds config path` says where it belongs, `mds config check` reads it line by line.

    # The context that is used where none is named; `mds config use NAME` changes it.
    current-context = "lab"

    # A theme: default, light, dark, high-contrast, high-contrast-light, mono, or a file of themes/ beside this one.
    # Left out, the terminal decides between default and light. `mds themes` lists them.
    # theme = "dark"

    # Draw without lines and blocks; or say that the terminal gives two cells to characters of ambiguous width.
    # ascii = true
    # ambiguous_width = 2

    # A start opens where you left: the screen, the model, the case. With false, or `mds open --fresh`, it opens Models.
    # restore = false

    # No screen but lines, for screen readers and braille displays: docs/plain.md.
    # plain = true

    # One line above every screen that says how what is shown is to be handled.
    # banner = "INTERNAL"

    [review]
    # A judgement is saved with the key s ("on-key"), or with the verdict's own key ("on-verdict").
    save = "on-key"
    # A queue starts with the model's answers hidden.
    blind = false

    # A context: a deployment service, and where there is one the researchers' collector. The short form is an address;
    # http is for this machine.
    [contexts.lab]
    service = "http://127.0.0.1:8080"
    # What speaks there: mlserver, triton, kserve, seldon-core-2, seldon-v1, mds-service, open-inference. `mds connect
    # URL` finds out and writes a context.
    # kind = "mlserver"
    # Names, units, ranges, categories and classes that the service does not publish: docs/catalogue.md has an example.
    # catalogue = "lab-catalogue.toml"
    # Allow `L` and `mds models load` to load and unload models; each asks first.
    # allow_load = true

    # The long form says how an endpoint is reached. A credential never stands here: name a file that only you can read,
    # or a command that prints it. Paths are beside this file, or begin with / or ~.
    # [contexts.prod]
    # namespace = "seldon-mesh"
    # analyst = "ana"
    # ledger = "~/ledgers/prod.sqlite"
    # keep_inputs = "full"      # or "hash", "none": what of a record goes to the researchers
    # banner = "RESTRICTED"
    # service_name = "lab"      # a case is the same at all who call its service alike; else as the collector says
    #
    # [contexts.prod.service]
    # url = "https://mesh.example:9000"
    # ca = "authority.pem"
    # certificate = "me.pem"
    # key = "me.key"
    # token_file = "prod.token"
    # host = "mesh.inference.seldon"   # the name a mesh routes by, where it is not the address's
    # pins = ["47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="]
    # proxy = "none"              # or an address; left out, https_proxy and no_proxy decide
    # insecure = true             # plain http to another machine: only where you must
    #
    # What lists models, pipelines and experiments of Seldon Core 2: its scheduler, the Kubernetes API, or both.
    # [contexts.prod.scheduler]
    # url = "https://scheduler.example:9044"
    # certificate = "me.pem"
    # key = "me.key"
    #
    # [contexts.prod.kubernetes]
    # url = "https://cluster.example:6443"
    # ca = "cluster.pem"
    # token_command = ["kubectl", "create", "token", "analyst"]
    #
    # [contexts.prod.collector]
    # url = "https://collector.example"
    # token_command = ["pass", "show", "mds/collector"]

    # Other keys for a command, by screen; `mds keys --names` lists screens and commands.
    # [keys.everywhere]
    # move-down = ["n", "Down"]
    # quit = "g q"

    """
}
