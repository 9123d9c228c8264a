# Where the package is installed, pytest finds the plugin itself.
pytest_plugins = ["pytester", "wsfault.pytest_plugin"]
