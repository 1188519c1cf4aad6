# SPDX-License-Identifier: BSD-2-Clause
# libsegent for vcpkg, as an overlay port that is made of the tree it lies in:
#     vcpkg install segent --overlay-ports=examples/packaging/vcpkg
# vcpkg does not see that the tree has changed: `vcpkg remove segent` and --no-binarycaching make it build anew. A port that is published
# says vcpkg_from_github(OUT_SOURCE_PATH SOURCE_PATH ...) in the place of the next line, and is otherwise the same.
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

if(VCPKG_LIBRARY_LINKAGE STREQUAL "dynamic")
    set(kind shared)
else()
    set(kind static)
endif()
set(options "")
foreach(feature IN ITEMS jpeg png zlib)
    if("${feature}" IN_LIST FEATURES)
        list(APPEND options "-D${feature}=enabled")
    else()
        list(APPEND options "-D${feature}=disabled")
    endif()
endforeach()

# Nothing that happens to be on the machine. The kernels for x86-64 and 64-bit ARM need no BLAS; other processors get plain C.
vcpkg_configure_meson(
    SOURCE_PATH "${SOURCE_PATH}"
    OPTIONS
        -Ddefault_library=${kind}
        -Dblas=none
        -Dcli=disabled
        -Ddocs=disabled
        -Dexamples=disabled
        -Dtests=disabled
        ${options}
)
vcpkg_install_meson()
vcpkg_copy_pdbs()
vcpkg_fixup_pkgconfig()

# The package for CMake belongs into share/, which is one folder nearer to the prefix.
file(RENAME "${CURRENT_PACKAGES_DIR}/lib/cmake/segent/segent-config.cmake" "${CURRENT_PACKAGES_DIR}/share/segent/segent-config.cmake")
file(RENAME "${CURRENT_PACKAGES_DIR}/lib/cmake/segent/segent-config-version.cmake" "${CURRENT_PACKAGES_DIR}/share/segent/segent-config-version.cmake")
vcpkg_replace_string("${CURRENT_PACKAGES_DIR}/share/segent/segent-config.cmake" [[${CMAKE_CURRENT_LIST_DIR}/../../..]] [[${CMAKE_CURRENT_LIST_DIR}/../..]])
# It says where it was installed for the case that a folder of the system is a link, which no folder here is.
vcpkg_replace_string("${CURRENT_PACKAGES_DIR}/share/segent/segent-config.cmake" "${CURRENT_PACKAGES_DIR}" [[${_segent_prefix}]])
file(APPEND "${CURRENT_PACKAGES_DIR}/share/segent/segent-config.cmake" [[

# vcpkg: the configuration Debug of a program is linked with the library below debug/.
foreach(_segent_kind IN ITEMS shared static)
    if(TARGET segent::${_segent_kind})
        get_target_property(_segent_library segent::${_segent_kind} IMPORTED_LOCATION)
        get_filename_component(_segent_library "${_segent_library}" NAME)
        get_filename_component(_segent_library "${CMAKE_CURRENT_LIST_DIR}/../../debug/lib/${_segent_library}" ABSOLUTE)
        if(EXISTS "${_segent_library}")
            set_target_properties(segent::${_segent_kind} PROPERTIES IMPORTED_LOCATION_DEBUG "${_segent_library}")
        endif()
    endif()
endforeach()
unset(_segent_library)
unset(_segent_kind)
]])
file(REMOVE_RECURSE
    "${CURRENT_PACKAGES_DIR}/lib/cmake"
    "${CURRENT_PACKAGES_DIR}/debug/lib/cmake"
    "${CURRENT_PACKAGES_DIR}/debug/include"
    "${CURRENT_PACKAGES_DIR}/debug/share")

file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
