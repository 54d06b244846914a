# extract.cmake - write the first C program of a Markdown file, FROM, to a file, TO
#
# SPDX-License-Identifier: MIT
file(READ ${FROM} text)
if(NOT text MATCHES "```c\n([^`]*int main[^`]*)```")
    message(FATAL_ERROR "${FROM} has no program in C")
endif()
file(WRITE ${TO} "${CMAKE_MATCH_1}")
