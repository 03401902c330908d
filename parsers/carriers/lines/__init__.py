"""Tables in lines of saved text, in all the ways that programs write them, brought to one: a bar between cells."""
