/** What `koubou config init` writes: every setting with its default, all of it commented out. */
export const settingsTemplate = `# Settings of Koubou for this project. Everything is optional; what is commented out shows the default or an example.
# Your own settings for all projects stand in ~/.config/koubou/koubou.yaml. Any setting can also be given as a variable:
# review.target is KOUBOU_REVIEW_TARGET. \`koubou config show\` tells what counts and where it comes from.
# Times are written 500ms, 30s, 10m or 1h.

review:
  # target: 85                  # the score to reach, 0-100
  # max_iterations: 5           # counts reviews: 2 are one improvement
  # iteration_timeout: 60s      # working time of one iteration (10m where a model takes part)
  # timeout: 10m                # working time of the whole run (1h where a model takes part)
  # weights:                    # shares in the score
  #   syntax: 0.25
  #   logic: 0.3
  #   performance: 0.15
  #   security: 0.3
  # criteria:                   # what a model is to judge by, besides
  #   - name: Tone
  #     weight: 1
  #     description: Plain words, no promises.
  # profiles:                   # chosen with --profile
  #   strict:
  #     target: 95
  #     max_iterations: 8

# reviewers: [static]
# improver: static

save:
  # mode: none                  # none, write or commit, when nothing else is asked for
  # allowed_directories: []     # folders below the root; empty: all (*)
  # allowed_extensions: []      # such as ['.ts', '.md']; empty: all
  # forbidden: []               # names that are never opened, or paths below the root: ['secrets', 'legal/signed']
  # max_artifact_bytes: 20000000

reports:
  # formats: [markdown, json, html]
  # directory: /absolute/folder # (*)

# What follows, and (*) above, counts in a project's own file only after \`koubou trust DIR\`: it names commands, places and money.

# checks:                       # commands that a request may ask for by name: koubou review --check tests …
#   - name: tests
#     command: [npm, test]        # a program and its arguments; no shell reads them
#     timeout_ms: 300000          # of one run; 120000 where it is missing
#     network: false              # true lets it reach the network

# git:
#   subject: 'Improve {name}: score {initial_score} to {score}'

# llm:                          # keys come from the environment, never from a file
#   providers:
#     example:
#       base_url: https://models.example/v1
#       api_key_env: EXAMPLE_API_KEY
#   models:
#     writer:
#       provider: example
#       model: large-1
#   prices:
#     large-1:
#       input_per_million_usd: 3
#       output_per_million_usd: 15
#   context_tokens: 20000       # files of the project that a question may hold (--project-path)
#   fallback: [claude, openai]  # who steps in for a model that cannot be reached or read
#   budget_usd: 1               # one run
#   budget_tokens: 500000
#   daily_budget_usd: 20        # all runs together, UTC
#   daily_budget_tokens: 5000000

# temporal:                     # a Temporal service that runs elsewhere; without an address the local one is used
#   address: temporal.example:7233
#   namespace: default
#   task_queue: koubou
#   tls: true
#   tls_server_name: temporal.example
#   tls_server_ca_cert_path: /absolute/ca.pem
#   tls_client_cert_path: /absolute/client.pem
#   tls_client_key_path: /absolute/client.key

# store:                        # where texts, findings and reports are kept; a password comes from KOUBOU_STORE_URL alone
#   url: sqlite:/absolute/store.db

# workers:
#   concurrency:
#     analysis: 1
#     llm: 20
#     workspace: 16
#     report: 2
#   idle_exit: 30m              # the local service leaves after so much time without work
#   engine_memory_mb: 1024
#   engine_timeout: 18s

# mcp:
#   autostart: true             # whether an MCP client starts the local service
#   wait: 50s                   # how long one call of a tool waits at most; without it longer for clients known to bear it

# privacy: {}
`;
