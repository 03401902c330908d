"""The official tables of reports since 2019 (tables two, three and four): printed tables and a declared form -> cells of the form."""
